package org.ssasuite.leaderboards.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attribution.Attribution;
import org.ssasuite.core.attribution.HeadMasses;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.AttributionResult;
import org.ssasuite.core.run.LogSeal;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.TaskId;

/** Tables of figures that are made up; the mean over needles is worked out by hand. */
class AttributionSectionsTest {
  private static final LogSeal LOG = new LogSeal("0".repeat(64), 100, 4);

  /** Two layers of one head; needles lie in the first tenth. */
  private static ReportedResult row(
      String mode, int length, int needles, double first, double second, OptionalDouble attended) {
    Optional<HeadMasses> kept =
        attended.isPresent() ? Optional.of(masses(attended.getAsDouble(), 0)) : Optional.empty();
    Attribution figures =
        new Attribution(
            needles,
            1,
            0,
            attended.isPresent() ? 2 : 0,
            attended.isPresent() ? needles - 3 : needles - 1,
            attended.isPresent() ? 1 : 0,
            needles,
            Optional.of(masses(first, second)),
            Optional.of(masses(first / 2, second / 2)),
            kept,
            List.of(new Attribution.Depth(0, needles, needles - 1, first, attended)));
    TaskResult result =
        new TaskResult(
            new ModelCard("mini", mode, OptionalInt.empty(), Map.of()),
            new TaskId("ruler", "niah_single_1@" + length, 1),
            "protocol",
            "data",
            List.of(),
            OptionalDouble.empty(),
            needles,
            0,
            0,
            0,
            10,
            Optional.empty(),
            Optional.of(LOG),
            1,
            Optional.empty(),
            Optional.of(new AttributionResult(LOG, figures)));
    return new ReportedResult(
        "runs/a", result, Optional.of(TaskOrder.of("niah_single_1").withLength(length)), true);
  }

  private static HeadMasses masses(double first, double second) {
    return new HeadMasses(List.of(List.of(first), List.of(second)));
  }

  private static final List<ReportedResult> RESULTS =
      List.of(
          row("full", 2048, 4, 0.5, 0.25, OptionalDouble.empty()),
          row("sparse:16x16", 2048, 4, 0.5, 0.0625, OptionalDouble.of(0.25)),
          row("sparse:16x16", 4096, 12, 0.25, 0.125, OptionalDouble.of(0.125)));

  private static Section section(String key) {
    return AttributionSections.of(RESULTS).stream()
        .filter(section -> section.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(Row row) {
    return row.cells().stream()
        .map(
            cell ->
                cell.fold(
                    Cell.Text::text,
                    whole -> Long.toString(whole.value()),
                    real -> Double.toString(real.value()),
                    () -> ""))
        .toList();
  }

  private static List<List<String>> rows(String key) {
    List<List<String>> rows = new ArrayList<>();
    section(key).rows().forEach(row -> rows.add(texts(row)));
    return rows;
  }

  private static List<String> row(String... cells) {
    return Arrays.asList(cells);
  }

  @Test
  void aRowHasItsClassesAndTheShareThatTurnedRight() {
    assertThat(rows("attribution"))
        .containsExactly(
            row("mini", "full", "niah_single_1@2048", "4", "1", "0", "0", "3", "", ""),
            row("mini", "sparse:16x16", "niah_single_1@2048", "4", "1", "0", "2", "1", "1", "50.0"),
            row(
                "mini",
                "sparse:16x16",
                "niah_single_1@4096",
                "12",
                "1",
                "0",
                "2",
                "9",
                "1",
                "50.0"));
  }

  @Test
  void headsAreRankedByTheMeanOverNeedlesOfALength() {
    assertThat(rows("attribution-heads"))
        .containsExactly(
            row("mini", "full", "2048", "1", "0", "0", "50.0", "25.0", "", "4", "4"),
            row("mini", "full", "2048", "2", "1", "0", "25.0", "12.5", "", "4", "4"),
            row("mini", "sparse:16x16", "2048", "1", "0", "0", "50.0", "25.0", "50.0", "4", "4"),
            row("mini", "sparse:16x16", "4096", "1", "0", "0", "25.0", "12.5", "50.0", "12", "12"),
            row("mini", "sparse:16x16", "4096", "2", "1", "0", "12.5", "6.25", "0.0", "12", "12"));
  }

  @Test
  void tasksOfALengthArePutTogetherByTheirNeedles() {
    Pool pool =
        new Pool(
            List.of(
                row("full", 2048, 4, 0.5, 0.25, OptionalDouble.empty()),
                row("full", 2048, 12, 0.25, 0.75, OptionalDouble.empty())));

    assertThat(pool.heads())
        .extracting(head -> head.layer() + ": " + head.largest().mass())
        .containsExactly("1: 0.625", "0: 0.3125");
  }

  @Test
  void layersHaveAFigurePerLength() {
    assertThat(rows("attribution-layer"))
        .containsExactly(
            row("mini", "full", "0", "50.0", "", "", ""),
            row("mini", "full", "1", "25.0", "", "", ""),
            row("mini", "sparse:16x16", "0", "50.0", "50.0", "25.0", "50.0"),
            row("mini", "sparse:16x16", "1", "6.25", "0.0", "12.5", "0.0"));
  }

  @Test
  void depthsHaveAFigurePerLength() {
    List<List<String>> rows = rows("attribution-depth");

    assertThat(rows).hasSize(20);
    assertThat(rows.get(10))
        .isEqualTo(row("mini", "sparse:16x16", "0-10%", "50.0", "50.0", "25.0", "50.0"));
    assertThat(rows.get(11)).isEqualTo(row("mini", "sparse:16x16", "10-20%", "", "", "", ""));
  }

  @Test
  void thereIsNothingToSayWhereNobodyAsked() {
    assertThat(AttributionSections.of(List.of())).isEmpty();
  }
}
