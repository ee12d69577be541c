package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenF1Test {
  private static double score(String prediction, String reference) {
    return new TokenF1().score(prediction, reference, List.of());
  }

  @Test
  void repeatedWordsCountAsOftenAsTheReferenceHasThem() {
    assertThat(score("yes, yes it is", "Yes")).isEqualTo(0.4);
  }

  @Test
  void punctuationIsDeletedAndNotReplacedByASpace() {
    assertThat(score("It's a U.S.-based co.", "its us based co")).isEqualTo(0.5714285714285715);
  }

  @Test
  void onlyAsciiPunctuationGoes() {
    assertThat(score("naïve café – “quoted”", "naïve café quoted")).isEqualTo(0.5714285714285715);
  }

  @Test
  void articlesGoBetweenWordBoundariesOnly() {
    assertThat(TokenF1.words("The a“an”the Athens theā a\u0301 thé"))
        .containsExactly("“", "”", "athens", "theā", "\u0301", "thé");
  }

  @Test
  void anArticleBesideALowLineLosesItAndGoes() {
    assertThat(TokenF1.words("_the_ a_n")).isEmpty();
  }

  @Test
  void emptyPredictionScoresZero() {
    assertThat(score("", "yes")).isZero();
    assertThat(score("", "")).isZero();
    assertThat(score("the", "a")).isZero();
  }

  @Test
  void whiteSpaceIsPythons() {
    assertThat(score("x\u0085y\u001cz", "z y x")).isEqualTo(1);
  }
}
