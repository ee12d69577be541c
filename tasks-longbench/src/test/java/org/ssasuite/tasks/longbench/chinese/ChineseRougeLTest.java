package org.ssasuite.tasks.longbench.chinese;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChineseRougeLTest {
  private static double score(String prediction, String reference) {
    return new ChineseRougeL().score(prediction, reference, List.of());
  }

  @Test
  void wordsAreJiebas() {
    assertThat(score("会议讨论了预算问题", "会议主要讨论预算")).isEqualTo(0.6666666617283951);
  }

  @Test
  void theChineseFullStopEndsNoSentenceAndIsAWord() {
    assertThat(score("。", "。")).isEqualTo(0.999999995);
  }

  @Test
  void theRecursionLimitStrikesOneWordEarlierThanInEnglish() {
    assertThat(score("。".repeat(989), "。".repeat(989))).isPositive();
    assertThat(score("。".repeat(990), "。".repeat(990))).isZero();
  }

  @Test
  @Timeout(20)
  void twoHundredThousandChineseCharactersAreScored() {
    String text = "模型".repeat(100_000);

    assertThat(new ChineseRougeL().score(text, text, List.of())).isZero();
  }
}
