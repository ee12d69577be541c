package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CodeSimilarityTest {
  private static final String LONG_PREDICTION = "a".repeat(150) + "b".repeat(100);
  private static final String LONG_REFERENCE = "b".repeat(100) + "a".repeat(150);

  private static double score(String prediction, String reference) {
    return CodeSimilarity.DIFFLIB.score(prediction, reference, List.of());
  }

  @Test
  void aLineWithACommentIsPassedOver() {
    assertThat(score("\n\n  x = 1  # c\n  return x", "return x")).isEqualTo(0.89);
  }

  @Test
  void popularCharactersOfALongReferenceMatchNothingLikeDifflib() {
    assertThat(score(LONG_PREDICTION, LONG_REFERENCE)).isZero();
  }

  @Test
  void popularCharactersProlongAStretchThatOthersBegin() {
    String line = "a".repeat(110) + "z" + "a".repeat(110);

    assertThat(score(line + "y", line)).isEqualTo(1);
  }

  @Test
  void gestaltMatchingIsNotTheLongestCommonSubsequence() {
    assertThat(score("x = foo(a, b)", "x = foo(b, a)")).isEqualTo(0.85);
  }

  @Test
  void anEmptyLineIsALineOfCode() {
    assertThat(score("# only this\n\nreturn x", "return x")).isZero();
  }

  @Test
  void leadingLineFeedsAreDroppedFirst() {
    assertThat(score("\n\nreturn x", "return x")).isEqualTo(1);
  }

  @Test
  void twoEmptyTextsAreEqual() {
    assertThat(score("```", "")).isEqualTo(1);
    assertThat(score("", "x")).isZero();
    assertThat(score("x", "")).isZero();
  }

  @Test
  void halvesRoundToTheEvenHundredth() {
    // 2 · 1 / 16 is 12.5 hundredths.
    assertThat(score("abcdefgh", "hijklmno")).isEqualTo(0.12);
  }

  @Test
  void indelIsAVariantByName() {
    assertThat(CodeSimilarity.INDEL.score(LONG_PREDICTION, LONG_REFERENCE, List.of()))
        .isEqualTo(0.6);
    assertThat(CodeSimilarity.INDEL.score("x = foo(a, b)", "x = foo(b, a)", List.of()))
        .isEqualTo(0.85);
  }
}
