package org.ssasuite.leaderboards.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A text of words between white space. */
record TextSeed(String text) implements Seed {
  private static final List<String> GAPS =
      List.of(" ", "\n", "\t", "\r\n", "", ",", "\u00a0", "\u0000", "\f");

  @Override
  public byte[] content() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    if (random.nextInt(3) == 0) {
      return ByteMutations.spoil(random, content());
    }
    // A word and the gap behind it in turn.
    List<String> parts = new ArrayList<>(List.of(text.split("(?<=\\s)(?=\\S)|(?<=\\S)(?=\\s)")));
    int at = random.nextInt(parts.size());
    String before = parts.get(at);
    String after =
        switch (random.nextInt(6)) {
          case 0, 1 -> OddValues.number(random);
          case 2 -> OddValues.text(random);
          case 3 -> "";
          case 4 -> before.repeat(1 << random.nextInt(16));
          default -> GAPS.get(random.nextInt(GAPS.size()));
        };
    parts.set(at, after);
    return new Mutant(
        "word " + at + ": " + JsonMutations.shown(before) + " -> " + JsonMutations.shown(after),
        "",
        String.join("", parts).getBytes(StandardCharsets.UTF_8));
  }
}
