package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ssasuite.tasks.ruler.ProvenLength.Outcome;
import org.ssasuite.tasks.ruler.ProvenLength.Rule;
import org.ssasuite.tasks.ruler.ProvenLength.Score;

/** Bounds and numbers by scipy 1.17.1's {@code beta.ppf}. */
class ProvenLengthTest {
  private static final int TRAINED = 2_048;

  /** One task of so many samples at 2k, 4k, 8k, … */
  private static NavigableMap<Integer, Score> scores(int samples, double... shares) {
    NavigableMap<Integer, Score> scores = new TreeMap<>();
    int length = TRAINED;
    for (double share : shares) {
      scores.put(length, new Score(share, 1, samples));
      length *= 2;
    }
    return scores;
  }

  private static ProvenLength proven(Rule rule, int samples, double... shares) {
    return ProvenLength.of(rule, scores(samples, shares), Optional.of(TRAINED)).orElseThrow();
  }

  @Test
  void provenUpToTheLastLengthWhoseLowerBoundReachesTheThreshold() {
    ProvenLength proven = proven(Rule.ABSOLUTE, 500, 0.99, 0.95, 0.5, 0.99);

    assertThat(proven.effective()).contains(4_096);
    assertThat(proven.last().length()).isEqualTo(8_192);
    assertThat(proven.last().outcome()).isEqualTo(Outcome.FAILS);
    assertThat(proven.last().needed()).isEmpty();
  }

  @Test
  void tenRightAnswersOfTenCannotTellAndTwentyFourWould() {
    ProvenLength proven = proven(Rule.ABSOLUTE, 10, 1);

    assertThat(proven.effective()).isEmpty();
    assertThat(proven.last().outcome()).isEqualTo(Outcome.CANNOT_TELL);
    assertThat(proven.last().needed()).hasValue(24);
  }

  @Test
  void neededSamplesAreThoseOfEachTask() {
    TreeMap<Integer, Score> two = new TreeMap<>();
    two.put(TRAINED, new Score(1, 2, 10));

    assertThat(ProvenLength.of(Rule.ABSOLUTE, two, Optional.empty()).orElseThrow().last().needed())
        .hasValue(12);
  }

  @Test
  void scoreBelowTheThresholdMayStillReachIt() {
    ProvenLength proven = proven(Rule.ABSOLUTE, 100, 0.8);

    assertThat(proven.last().outcome()).isEqualTo(Outcome.CANNOT_TELL);
    assertThat(proven.last().needed()).hasValue(179);
  }

  @Test
  void ownScorePassesByItselfAndBoundsTheOthers() {
    assertThat(proven(Rule.OWN, 100, 0.92, 0.9).effective()).contains(4_096);
    assertThat(proven(Rule.OWN, 100, 0.92, 0.5).last().outcome()).isEqualTo(Outcome.FAILS);
  }

  @Test
  void shareOfTheOwnScoreThatCannotBeToldSaysWhatWould() {
    ProvenLength proven = proven(Rule.OWN, 100, 0.92, 0.75);

    assertThat(proven.effective()).contains(TRAINED);
    assertThat(proven.last().threshold()).isCloseTo(0.782, within(1e-12));
    assertThat(proven.last().outcome()).isEqualTo(Outcome.CANNOT_TELL);
    assertThat(proven.last().needed()).hasValue(935);
  }

  @Test
  void modelThatFindsNothingPassesNothing() {
    assertThat(proven(Rule.OWN, 100, 0, 0).effective()).isEmpty();
  }

  @Test
  void ownScoreThatWasNotMeasuredLeavesTheRuleOut() {
    assertThat(ProvenLength.of(Rule.OWN, scores(100, 0.9), Optional.of(8_192))).isEmpty();
    assertThat(ProvenLength.of(Rule.OWN, scores(100, 0.9), Optional.empty())).isEmpty();
  }

  @Test
  void nothingIsProvenOfNoLength() {
    assertThat(ProvenLength.of(Rule.ABSOLUTE, new TreeMap<>(), Optional.empty())).isEmpty();
  }
}
