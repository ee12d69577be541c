package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** A file that is one JSON object. */
@SuppressWarnings("ArrayRecordComponent") // never changed
record JsonSeed(byte[] content, JsonPiece root) implements Seed {
  private static final List<String> WHOLES =
      List.of("", " ", "\n", "null", "true", "1", "\"\"", "[]", "{}", "[{}]", "NaN", "}", "{", "[");

  static JsonSeed of(String text) {
    try {
      return new JsonSeed(
          text.getBytes(StandardCharsets.UTF_8),
          JsonPiece.of(JsonMapper.builder().build().readTree(text)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a seed that is no JSON", e);
    }
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    int kind = random.nextInt(20);
    if (kind == 0) {
      String whole =
          random.nextBoolean()
              ? WHOLES.get(random.nextInt(WHOLES.size()))
              : OddValues.enormous(random);
      return new Mutant(
          "nothing but " + JsonMutations.shown(whole), "", whole.getBytes(StandardCharsets.UTF_8));
    }
    if (kind < 6) {
      return ByteMutations.spoil(random, content);
    }
    JsonPiece tree = root.copy();
    String what = JsonMutations.spoil(random, tree);
    return new Mutant(what, "", tree.text().getBytes(StandardCharsets.UTF_8));
  }
}
