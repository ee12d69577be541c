package org.ssasuite.tasks.longbench.chinese;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChineseTokenF1Test {
  private static double score(String prediction, String reference) {
    return new ChineseTokenF1().score(prediction, reference, List.of());
  }

  @Test
  void numbersKeepTheirDigitsAndLoseTheirPoint() {
    assertThat(score("2019年，公司收入为3.5亿元。", "3.5亿元")).isEqualTo(0.4444444444444445);
  }

  @Test
  void chinesePunctuationIsNoWord() {
    assertThat(score("北京》！？", "北京")).isEqualTo(1);
  }

  @Test
  void theOpeningTitleMarkIsNotOnTheReferencesList() {
    assertThat(score("《北京》！？", "北京")).isEqualTo(0.6666666666666666);
  }

  @Test
  void wordsAreInLowerCaseAndWithoutWhiteSpace() {
    assertThat(ChineseAnalyzer.answerWords().terms("C++ 和\u3000ABC。"))
        .containsExactly("c", "和", "abc");
  }

  @Test
  void emptyPredictionScoresZero() {
    assertThat(score("", "北京")).isZero();
    assertThat(score("。", "。")).isZero();
  }
}
