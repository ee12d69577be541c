package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.core.python.NumpyRandom;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.ruler.text.Span;

/**
 * Drafts of variable tracking: one chain of assignments among noise, draw for draw as the
 * references make them. Mutable (the generators): one owner.
 */
final class ChainDrafts {
  static final String TEMPLATE =
      """
      Memorize and track the chain(s) of variable assignment hidden in the following text.

      {context}
      Question: Find all variables that are assigned the value {query} in the text above.\
      """;

  /** NVIDIA corrected {@code assgined} on 2025-05-13; lm-eval 0.4.9 has it still. */
  static final String PREFIX =
      " Answer: According to the chain(s) of variable assignment in the text above,"
          + " {num_v} variables are %s the value {query}, they are: ";

  static final int NAMES = 5;

  private static final int NAME_LETTERS = 5;
  private static final int EXAMPLE_NAME_LETTERS = 3;
  private static final String EXAMPLE_VALUE = "12345";
  private static final int LEAST_VALUE = 10_000;
  private static final int BEHIND_VALUES = 99_999;

  private static final List<String> CAPITALS =
      IntStream.rangeClosed('A', 'Z').mapToObj(Character::toString).toList();

  private final boolean harness;
  private final String template;
  private final PythonRandom random;
  private final NumpyRandom values;

  ChainDrafts(RulerVersion version, PythonRandom random, NumpyRandom values) {
    this.harness = version == RulerVersion.LMEVAL;
    this.template = TEMPLATE + PREFIX.formatted(harness ? "assgined" : "assigned");
    this.random = random;
    this.values = values;
  }

  /**
   * A draft.
   *
   * @param size lines of noise
   * @param example whether it is the solved example, whose names and value are shorter
   */
  Draft make(int size, boolean example) throws Unmakeable {
    List<String> names = names(example ? EXAMPLE_NAME_LETTERS : NAME_LETTERS);
    String value = example && !harness ? EXAMPLE_VALUE : drawValue();
    if (names.size() > NAMES) {
      // The references begin a second chain with the spare name, draw a value, and fail.
      if (!example || harness) {
        drawValue();
      }
      throw new Unmakeable("two variables got the same name");
    }
    List<String> chain = new ArrayList<>(List.of("VAR " + names.get(0) + " = " + value));
    for (int i = 1; i < NAMES; i++) {
      chain.add("VAR " + names.get(i) + " = VAR " + names.get(i - 1) + " ");
    }
    String context =
        harness ? harnessContext(chain, size) : String.join("\n", hidden(chain, noise(size)));
    PromptFrame frame =
        PromptFrame.of(template, Map.of("query", value, "num_v", String.valueOf(NAMES)));
    return new Draft(frame.around(context), names, needles(chain, context, frame.head().length()));
  }

  /** Five names, or more if the first five were not all different. */
  private List<String> names(int letters) {
    List<String> names = new ArrayList<>();
    Set<String> different = new LinkedHashSet<>();
    while (names.size() < NAMES || different.size() < NAMES) {
      names.add(drawName(letters));
      different.add(names.get(names.size() - 1));
    }
    return names;
  }

  String drawName(int letters) {
    return String.join("", random.choices(CAPITALS, letters));
  }

  String drawValue() {
    return String.valueOf(values.randint(LEAST_VALUE, BEHIND_VALUES));
  }

  private static List<String> noise(int size) {
    return Collections.nCopies(size, NeedleDrafts.NOISE);
  }

  /** The chain in its order, each statement before a line drawn for it. */
  private List<String> hidden(List<String> chain, List<String> lines) throws Unmakeable {
    if (chain.size() > lines.size()) {
      throw new Unmakeable(lines.size() + " lines for " + chain.size() + " assignments");
    }
    List<Integer> before = random.sample(lines.size(), chain.size()).stream().sorted().toList();
    List<String> hidden = new ArrayList<>(lines.size() + chain.size());
    int next = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (next < before.size() && before.get(next) == i) {
        hidden.add(chain.get(next++));
      }
      hidden.add(lines.get(i));
    }
    return hidden;
  }

  /** Lines end in line feeds and are joined by spaces; where they are few, they are cut up. */
  private String harnessContext(List<String> chain, int size) throws Unmakeable {
    List<String> lines = Collections.nCopies(size, NeedleDrafts.NOISE + "\n");
    List<String> pieces =
        size <= NAMES ? lines.stream().flatMap(line -> sentences(line).stream()).toList() : lines;
    return String.join(" ", hidden(chain, pieces)).replace(". \n", ".\n");
  }

  private static List<String> sentences(String line) {
    List<String> sentences = new ArrayList<>();
    for (String sentence : line.split("\\.", -1)) {
      sentences.add(PythonText.strip(sentence).isEmpty() ? sentence : sentence + ".");
    }
    return sentences;
  }

  private static List<Span> needles(List<String> chain, String context, int shift) {
    List<Span> needles = new ArrayList<>();
    int from = 0;
    for (String statement : chain) {
      String shown = PythonText.rstrip(statement);
      int at = context.indexOf(shown, from);
      needles.add(new Span(at, at + shown.length()).shifted(shift));
      from = at + shown.length();
    }
    return needles;
  }
}
