package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

/** Scores of long texts: the references' to the last bit, within seconds and little memory. */
class LongTextsTest {
  private static final String GOLDEN = "long-texts.jsonl";

  static List<JsonNode> texts() {
    return Golden.vectors(GOLDEN, "rouge");
  }

  static List<JsonNode> characters() {
    return Golden.vectors(GOLDEN, "characters");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void rougeLIsTheReferences(JsonNode vector) {
    String prediction = sentences(vector, "prediction");
    String reference = sentences(vector, "reference");

    assertThat(RougeL.DIRECT.score(prediction, reference, List.of()))
        .isEqualTo(vector.get("score").doubleValue());
  }

  @ParameterizedTest
  @MethodSource("characters")
  void commonSubsequencesAreAsLongAsTheReferences(JsonNode vector) {
    int[] a = text(vector, "seed", "length").codePoints().toArray();
    int[] b = text(vector, "other_seed", "other_length").codePoints().toArray();

    assertThat(CommonSubsequence.length(a, b)).isEqualTo(vector.get("common").intValue());
  }

  @ParameterizedTest
  @MethodSource("characters")
  void gestaltMatchingIsPythons(JsonNode vector) {
    String a = text(vector, "seed", "length");
    String b = text(vector, "other_seed", "other_length");

    assertThat(SequenceMatcher.ratio(a, b)).isEqualTo(vector.get("difflib").doubleValue());
  }

  @Test
  @Timeout(20)
  void oneSentenceOfSixtyThousandWordsIsBeyondPythonsRecursion() {
    String text = words(60_000, i -> "w" + i % 100);

    assertThat(RougeL.DIRECT.score(text, text, List.of())).isZero();
  }

  @Test
  @Timeout(20)
  void sixtyThousandWordsInShortSentencesAreScored() {
    String prediction = words(60_000, i -> i % 15 == 14 ? "w" + i % 7000 + "." : "w" + i % 7000);
    String reference = words(60_000, i -> i % 13 == 12 ? "w" + i % 9000 + "." : "w" + i % 9000);

    assertThat(RougeL.DIRECT.score(prediction, reference, List.of())).isBetween(0.5, 0.95);
  }

  @Test
  @Timeout(20)
  void aLongSentenceAgainstManyShortOnesIsScored() {
    String prediction = words(20_000, i -> "w" + i % 900 + ".");
    String reference = words(900, i -> "w" + i);

    assertThat(RougeL.DIRECT.score(prediction, reference, List.of())).isPositive();
  }

  @Test
  @Timeout(20)
  void linesOfAHundredThousandCharactersAreCompared() {
    String line =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "x" + i % 97)
            .limit(40_000)
            .collect(Collectors.joining());
    String other =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "x" + i % 89)
            .limit(40_000)
            .collect(Collectors.joining());

    assertThat(CodeSimilarity.INDEL.score(line, other, List.of())).isBetween(0.0, 1.0);
    assertThat(CodeSimilarity.DIFFLIB.score(line, other, List.of())).isBetween(0.0, 1.0);
  }

  private static String words(int n, IntFunction<String> word) {
    return IntStream.range(0, n).mapToObj(word).collect(Collectors.joining(" "));
  }

  private static String sentences(JsonNode vector, String what) {
    Congruential random = new Congruential(vector.get(what + "_seed").longValue());
    int different = vector.get("words").intValue();
    List<String> sentences = new ArrayList<>();
    for (JsonNode length : vector.get(what)) {
      sentences.add(words(length.intValue(), i -> "w" + random.below(different)));
    }
    return String.join(". ", sentences);
  }

  private static String text(JsonNode vector, String seed, String length) {
    Congruential random = new Congruential(vector.get(seed).longValue());
    int alphabet = vector.get("alphabet").intValue();
    return IntStream.range(0, vector.get(length).intValue())
        .mapToObj(i -> Character.toString(0x4E00 + random.below(alphabet)))
        .collect(Collectors.joining());
  }

  /** The generator of the script that made the vectors. Mutable. */
  private static final class Congruential {
    private long state;

    Congruential(long seed) {
      this.state = seed;
    }

    int below(int bound) {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      return (int) ((state >> 8) % bound);
    }
  }
}
