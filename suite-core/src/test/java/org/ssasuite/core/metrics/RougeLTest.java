package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RougeLTest {
  private static final double PERFECT = 0.999999995;

  private static double score(String prediction, String reference) {
    return RougeL.DIRECT.score(prediction, reference, List.of());
  }

  /** So many different words. */
  private static String words(String letter, int n) {
    return IntStream.range(0, n).mapToObj(i -> letter + i).collect(Collectors.joining(" "));
  }

  @Test
  void wordsOfTheLongestCommonSubsequenceCount() {
    assertThat(score("the cat sat on the mat", "the cat is on the mat"))
        .isEqualTo(0.7999999950000002);
  }

  @Test
  void wordsCountOnce() {
    assertThat(score("the the the the", "the the")).isEqualTo(PERFECT);
  }

  @Test
  void theOrderOfSentencesDoesNotMatter() {
    assertThat(score("a b c. d e f.", "d e f. a b c.")).isEqualTo(PERFECT);
  }

  @Test
  void caseIsKept() {
    assertThat(score("Hello World", "hello world")).isZero();
  }

  @Test
  void aTextWithoutSentencesScoresZero() {
    assertThat(score("", "a")).isZero();
    assertThat(score("...", "a")).isZero();
    assertThat(score("a", "")).isZero();
  }

  @Test
  void aSentenceOfWhiteSpaceIsTheEmptyWord() {
    assertThat(score(" ", "\n")).isEqualTo(PERFECT);
    assertThat(score("a. .", "a")).isEqualTo(2 * (0.5 * 1.0 / (0.5 + 1.0 + 1e-8)));
  }

  @Test
  void aDecimalPointEndsASentence() {
    assertThat(score("3.5", "3")).isEqualTo(2 * (0.5 * 1.0 / (0.5 + 1.0 + 1e-8)));
  }

  @Test
  void identicalSentenceOf991WordsScoresZeroLikePythonsRecursion() {
    assertThat(score(words("w", 990), words("w", 990))).isEqualTo(PERFECT);
    assertThat(score(words("w", 991), words("w", 991))).isZero();
  }

  @Test
  void backtrackingCountsTheStepsOfBothSentences() {
    String reference = "c " + words("r", 300);

    assertThat(score("c " + words("h", 689), reference)).isPositive();
    assertThat(score("c " + words("h", 690), reference)).isZero();
  }

  @Test
  void oneDeepPairOfSentencesMakesTheWholeTextZero() {
    String reference = "a. " + words("r", 5);

    assertThat(score("a. " + words("h", 990), reference)).isPositive();
    assertThat(score("a. " + words("h", 991), reference)).isZero();
  }
}
