package org.ssasuite.leaderboards.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** A file of one JSON object a line. */
record JsonLinesSeed(List<JsonSeed> lines) implements Seed {
  JsonLinesSeed {
    lines = List.copyOf(lines);
  }

  static JsonLinesSeed of(String text) {
    return new JsonLinesSeed(text.lines().map(JsonSeed::of).toList());
  }

  @Override
  public byte[] content() {
    return joined(lines.stream().map(JsonSeed::content).toList());
  }

  private static byte[] joined(List<byte[]> lines) {
    // Latin-1 keeps bytes as they are, those too that are no UTF-8.
    return lines.stream()
        .map(line -> new String(line, StandardCharsets.ISO_8859_1) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    int kind = random.nextInt(10);
    if (kind < 2) {
      return ByteMutations.spoil(random, content());
    }
    List<byte[]> changed = new ArrayList<>(lines.stream().map(JsonSeed::content).toList());
    int at = random.nextInt(lines.size());
    String what = "line " + (at + 1) + ": ";
    if (kind < 8) {
      Mutant line = lines.get(at).mutant(random);
      changed.set(at, line.content());
      what += line.what();
    } else {
      what += rearranged(random, changed, at);
    }
    byte[] all = joined(changed);
    boolean unended = random.nextInt(8) == 0;
    return new Mutant(
        what, "", unended ? ByteMutations.spliced(all, all.length - 1, 1, new byte[0]) : all);
  }

  private static String rearranged(RandomGenerator random, List<byte[]> lines, int at) {
    byte[] line = lines.get(at);
    switch (random.nextInt(6)) {
      case 0 -> {
        lines.remove(at);
        return "removed";
      }
      case 1 -> {
        lines.add(random.nextInt(lines.size() + 1), line);
        return "twice";
      }
      case 2 -> {
        lines.add(at, new byte[0]);
        return "an empty line before it";
      }
      case 3 -> {
        lines.set(at, ByteMutations.repeated(line, 2));
        return "two objects on it";
      }
      case 4 -> {
        lines.set(at, ByteMutations.spliced(line, line.length / 2, 0, new byte[] {'\n'}));
        return "broken in two";
      }
      default -> {
        int times = 1 << random.nextInt(10);
        for (int i = 0; i < times; i++) {
          lines.add(line);
        }
        return times + " times more";
      }
    }
  }
}
