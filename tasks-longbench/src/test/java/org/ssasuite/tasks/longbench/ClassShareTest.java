package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassShareTest {
  private static double score(String prediction, String reference, String... classes) {
    return new ClassShare().score(prediction, reference, List.of(classes));
  }

  @Test
  void theRightClassSharesWithTheOthersThatAreNamed() {
    assertThat(score("Food Animal", "Animal", "Food", "Animal", "Other animal")).isEqualTo(0.5);
  }

  @Test
  void removesWhileIteratingLikeTheReference() {
    // A goes, so that A B takes its place and is passed over; 1.0 if it went too.
    assertThat(score("A B C", "A B C", "A", "A B", "A B C")).isEqualTo(0.5);
  }

  @Test
  void aPartOfTheReferenceIsTakenOut() {
    assertThat(score("Other animal", "Other animal", "animal", "Other animal")).isEqualTo(1);
  }

  @Test
  void aClassThatIsNotNamedScoresZero() {
    assertThat(score("Food", "Animal", "Food", "Animal")).isZero();
    assertThat(score("", "Animal", "Food", "Animal")).isZero();
  }

  @Test
  void aReferenceThatIsNoClassScoresZero() {
    assertThat(score("Plant", "Plant", "Food", "Animal")).isZero();
  }
}
