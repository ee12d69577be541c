package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumberShareTest {
  private static double score(NumberShare share, String prediction, String reference) {
    return share.score(prediction, reference, List.of());
  }

  @Test
  void shareOfTheNumbersThatAreRight() {
    assertThat(score(NumberShare.COUNT, "There are 5 of 12 paragraphs, so 5", "5"))
        .isEqualTo(2.0 / 3);
  }

  @Test
  void digitsAreComparedAsText() {
    assertThat(score(NumberShare.COUNT, "05", "5")).isZero();
  }

  @Test
  void noNumberScoresZero() {
    assertThat(score(NumberShare.COUNT, "five", "5")).isZero();
  }

  @Test
  void digitsOfEveryScriptAreDigits() {
    assertThat(score(NumberShare.COUNT, "٥ 5", "5")).isEqualTo(0.5);
  }

  @Test
  void theNumberBehindTheWordIsTheRightOne() {
    assertThat(score(NumberShare.PARAGRAPH, "Paragraph 15", "Paragraph 15")).isEqualTo(1);
    assertThat(score(NumberShare.PARAGRAPH, "15 or 3", "Paragraph 15")).isEqualTo(0.5);
    assertThat(score(NumberShare.CHINESE_PARAGRAPH, "段落3", "段落3")).isEqualTo(1);
  }

  @Test
  void aReferenceWithoutANumberIsRefused() {
    assertThatThrownBy(() -> score(NumberShare.PARAGRAPH, "3", "段落3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("段落3");
  }
}
