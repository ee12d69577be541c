package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulerScoresTest {
  private static RulerRow row(String task, int length, double score) {
    return RulerSectionsTest.row(task, length, score);
  }

  private static RulerScores scores(double... scores) {
    int[] length = {2048};
    List<RulerRow> rows =
        Arrays.stream(scores).mapToObj(score -> row("vt", length[0] *= 2, score)).toList();
    return RulerScores.of(rows).get(0);
  }

  @Test
  void scoreOfALengthIsTheMeanOverTasks() {
    RulerScores scores = RulerScores.of(List.of(row("vt", 4096, 50), row("cwe", 4096, 100))).get(0);

    assertThat(scores.byLength()).containsOnlyKeys(4096).containsValue(75.0);
  }

  @Test
  void taskThatLacksALengthDoesNotCount() {
    RulerScores scores =
        RulerScores.of(List.of(row("vt", 4096, 50), row("cwe", 4096, 100), row("vt", 8192, 40)))
            .get(0);

    assertThat(scores.tasks()).containsExactly("vt");
    assertThat(scores.byLength().values()).containsExactly(50.0, 40.0);
  }

  /** Llama-3.1-70B's row of the RULER paper: 96.5 95.8 95.4 94.8 88.4 66.6. */
  @Test
  void weightedAveragesAreThePapers() {
    RulerScores scores = scores(96.5, 95.8, 95.4, 94.8, 88.4, 66.6);

    assertThat(scores.increasing().orElseThrow()).isCloseTo(85.5, within(0.05));
    assertThat(scores.decreasing().orElseThrow()).isCloseTo(93.7, within(0.05));
  }

  @Test
  void effectiveLengthIsTheLongestThatReachesTheThreshold() {
    assertThat(scores(96.5, 95.8, 95.4, 94.8, 88.4, 66.6).effectiveLength()).hasValue(65_536);
    assertThat(scores(80, 70).effectiveLength()).isEmpty();
    assertThat(scores(85.6).effectiveLength()).hasValue(4096);
  }

  @Test
  void ownScoreIsThatAtTheTrainingLength() {
    assertThat(scores(50, 40, 34, 33).effectiveLengthByOwnScore()).hasValue(16_384);
    assertThat(scores(50).effectiveLengthByOwnScore()).isEmpty();
  }

  @Test
  void lengthsAreInsideOrBeyondTheTrainingLength() {
    RulerScores scores = scores(50, 40, 20, 10);

    assertThat(scores.inside()).hasValue(45);
    assertThat(scores.beyond()).hasValue(15);
    assertThat(scores(50).beyond()).isEmpty();
  }
}
