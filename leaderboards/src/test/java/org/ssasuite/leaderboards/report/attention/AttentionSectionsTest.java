package org.ssasuite.leaderboards.report.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.AttentionResult;
import org.ssasuite.core.run.LogSeal;
import org.ssasuite.core.run.SampleFigures;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.attention.WatchedRow;
import org.ssasuite.core.run.attention.WatchedRow.WatchedSample;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.TaskId;

class AttentionSectionsTest {
  private static final Interval FEW = new Interval(4, 6, 0.95, Interval.Method.STUDENT_T);

  private static WatchedResult watched(String model, String mode, int run, boolean prompt) {
    List<AttentionResult.Row> rows =
        List.of(
            row("entropy_bits", Optional.empty(), 5),
            row("sink_rate_0.1_worst", Optional.empty(), 0.25),
            row("entropy_bits", Optional.of("0:1024"), 4),
            row("entropy_bits", Optional.of("1024:2048"), 6));
    TaskResult result =
        new TaskResult(
            new ModelCard(model, mode, OptionalInt.empty(), Map.of()),
            new TaskId("pg19", "books", 1),
            "protocol",
            "data",
            List.of(),
            OptionalDouble.empty(),
            2,
            0,
            0,
            0,
            3000,
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.of(new AttentionResult(new LogSeal("0".repeat(64), 1, 2), rows)),
            Optional.empty());
    return new WatchedResult(
        new ReportedResult("run " + run, result, Optional.empty(), false),
        run,
        prompt,
        new WatchedRow(samples(mode.equals("full") ? 5 : 4), List.of()));
  }

  private static AttentionResult.Row row(
      String statistic, Optional<String> positions, double value) {
    return new AttentionResult.Row(statistic, positions, value, FEW, 2, 2);
  }

  private static List<WatchedSample> samples(double entropy) {
    List<WatchedSample> samples = new ArrayList<>();
    for (String id : List.of("x", "y")) {
      Statistic statistic =
          new Statistic(
              "entropy_bits",
              Optional.of(new Positions(0, 1024)),
              7,
              List.of(List.of(entropy + samples.size())));
      samples.add(
          new WatchedSample(id, id, SampleFigures.of(new AttentionStatistics(List.of(statistic)))));
    }
    return samples;
  }

  private static Section section(String key, WatchedResult... results) {
    return AttentionSections.of(List.of(results)).stream()
        .filter(section -> section.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(Row row) {
    return row.cells().stream()
        .map(
            cell ->
                cell.fold(
                    text -> text.text(),
                    whole -> String.valueOf(whole.value()),
                    real -> String.valueOf(real.value()),
                    () -> ""))
        .toList();
  }

  private static List<List<String>> differences(WatchedResult... results) {
    return AttentionSections.of(List.of(results)).stream()
        .filter(section -> section.key().equals("attention-differences"))
        .flatMap(section -> section.rows().stream())
        .map(AttentionSectionsTest::texts)
        .toList();
  }

  @Test
  void nobodyLookedAndThereIsNothingToSay() {
    assertThat(AttentionSections.of(List.of())).isEmpty();
  }

  @Test
  void aSinkRateSaysWithWhatItWasMade() {
    Section means = section("attention-means", watched("m", "full", 1, false));

    assertThat(texts(means.rows().get(1)))
        .containsExactly(
            "m",
            "full",
            "books",
            "sink_rate_0.1_worst",
            "0.25",
            "2",
            "2",
            "0.1",
            "worst",
            "1500.0");
    assertThat(texts(means.rows().get(0))).endsWith("", "", "");
    assertThat(means.notes()).anyMatch(note -> note.contains("ε 0.3, key 0, T 64, 100 texts"));
  }

  @Test
  void anIntervalOfFewDocumentsIsMarked() {
    Section means = section("attention-means", watched("m", "full", 1, false));

    assertThat(means.rows().get(0).cells().get(4)).isInstanceOf(Cell.Real.class);
    assertThat(means.rows().get(0).cells().get(4).marks()).containsExactly(Mark.FEW_DOCUMENTS);
  }

  @Test
  void aCurveHasAPointWhereEachBucketEnds() {
    Curves entropy = section("attention-means", watched("m", "full", 1, false)).curves().get(0);

    assertThat(entropy.key()).isEqualTo("attention-by-position-entropy-bits");
    assertThat(entropy.curves().get(0).name()).isEqualTo("m full books");
    assertThat(entropy.curves().get(0).points())
        .containsExactly(
            new Curves.Point(1024, 4, Optional.of(FEW)),
            new Curves.Point(2048, 6, Optional.of(FEW)));
  }

  @Test
  void modesOfAModelAreComparedWithNAndTheKindOfInterval() {
    assertThat(differences(watched("m", "full", 1, false), watched("m", "sparse:16x16", 1, false)))
        .containsExactly(
            List.of(
                "m",
                "full",
                "m",
                "sparse:16x16",
                "books",
                "entropy_bits",
                "5.5",
                "4.5",
                "-1.0",
                "t",
                "2",
                "2"));
  }

  @Test
  void modelsAreComparedInOneModeAndRunsToo() {
    assertThat(
            differences(
                watched("m", "full", 1, false),
                watched("n", "sparse:16x16", 1, false),
                watched("n", "full", 2, false)))
        .extracting(row -> row.get(0) + " " + row.get(2) + " " + row.get(12) + row.get(13))
        .containsExactly("m n 12");
  }

  @Test
  void queriesThatAnswerAreNotHeldAgainstThoseOfPrompts() {
    assertThat(differences(watched("m", "full", 1, false), watched("n", "full", 1, true)))
        .isEmpty();
  }
}
