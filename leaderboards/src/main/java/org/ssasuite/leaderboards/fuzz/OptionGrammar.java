package org.ssasuite.leaderboards.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whole YAML files of options from the grammar of the format: block and flow mappings, names and
 * values in every style of quoting, lists, comments, and now and then what is not read there:
 * anchors, aliases, tags, nesting, further documents, tabs.
 */
record OptionGrammar() implements Seed {
  private static final List<String> NAMES =
      List.of(
          "model",
          "name",
          "modes",
          "tasks",
          "suite",
          "lengths",
          "limit",
          "seeds",
          "rope",
          "fresh",
          "no-sharing",
          "limit",
          "sute",
          "a b",
          "null",
          "~",
          "1",
          "\u65e5",
          "<<",
          "config",
          "");

  private static final List<String> VALUES =
      List.of(
          "ssa-mini",
          "sparse:16x16",
          "4k",
          "1",
          "0x10",
          "1e3",
          "-0",
          ".nan",
          "true",
          "false",
          "yes",
          "null",
          "~",
          "a,b",
          "12:30",
          "2026-11-30",
          "a # b",
          "\u00e9",
          "\ud83d\ude00",
          "a\\nb",
          "%",
          "@",
          "*a",
          "&a b",
          "!!int 3",
          "? a",
          "- a",
          "{",
          "]",
          "|",
          ">",
          "a: b",
          "x".repeat(70_000));

  @Override
  public byte[] content() {
    return "model: [ssa-mini]\nmodes:\n  - full\n  - sparse:16x16\ntasks: pg19 # first\nlimit: 3\n"
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      return ByteMutations.spoil(random, content());
    }
    boolean flow = random.nextInt(4) == 0;
    int entries = random.nextInt(6);
    StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "%YAML 1.2\n---\n" : "");
    text.append(flow ? "{" : "");
    for (int i = 0; i < entries; i++) {
      text.append(quoted(random, NAMES)).append(random.nextInt(20) == 0 ? ":" : ": ");
      text.append(value(random, flow)).append(flow ? ", " : "\n");
    }
    text.append(flow ? "}" : "");
    if (random.nextInt(12) == 0) {
      text.append("\n---\nlimit: 1\n");
    }
    if (random.nextInt(20) == 0) {
      text.insert(0, "[".repeat(1 << random.nextInt(17)));
    }
    return new Mutant(
        (flow ? "a flow mapping of " : "a block mapping of ") + entries,
        "",
        text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String value(RandomGenerator random, boolean flow) {
    return switch (random.nextInt(8)) {
      case 0 -> list(random, flow);
      case 1 -> "[" + quoted(random, VALUES) + ", " + quoted(random, VALUES) + "]";
      case 2 -> "{a: " + quoted(random, VALUES) + "}";
      case 3 -> random.nextBoolean() ? "" : "# nothing";
      default -> quoted(random, VALUES);
    };
  }

  private static String list(RandomGenerator random, boolean flow) {
    return flow ? "[]" : "\n  - " + quoted(random, VALUES) + "\n  - " + quoted(random, VALUES);
  }

  private static String quoted(RandomGenerator random, List<String> texts) {
    String text = texts.get(random.nextInt(texts.size()));
    return switch (random.nextInt(4)) {
      case 0 -> "\"" + text + "\"";
      case 1 -> "'" + text + "'";
      default -> text;
    };
  }
}
