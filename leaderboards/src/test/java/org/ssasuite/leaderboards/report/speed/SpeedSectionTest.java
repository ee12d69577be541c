package org.ssasuite.leaderboards.report.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.LogSeal;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;
import org.ssasuite.core.testing.MadeUpRun;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;

class SpeedSectionTest {
  private static TaskResult timed(int length, double seconds) {
    return new TaskResult(
        new ModelCard("m", "full", OptionalInt.of(8192), Map.of()),
        new TaskId(
            "ruler",
            "vt",
            new Variant(OptionalInt.of(length), OptionalInt.empty(), OptionalLong.empty()),
            1),
        "the protocol",
        "the digest",
        List.of(),
        OptionalDouble.empty(),
        2,
        0,
        0,
        0,
        2L * length,
        Optional.of(new Work(5, 1500, 500)),
        Optional.of(new LogSeal("0".repeat(64), 100, 2)),
        seconds,
        Optional.empty(),
        Optional.empty());
  }

  private static FinishedRun run(String folder, TaskResult... rows) {
    List<TaskOrder> orders = new ArrayList<>();
    for (TaskResult row : rows) {
      orders.add(TaskOrder.of("vt").withLength(row.task().variant().length().getAsInt()));
    }
    RunManifest manifest = MadeUpRun.manifest(RunManifest.SCHEMA, orders);
    return new FinishedRun(folder, new RunResult(RunResult.SCHEMA, manifest, List.of(rows)));
  }

  private static Optional<Section> section(FinishedRun... runs) {
    return SpeedSection.of(Leaderboard.of(List.of(runs)));
  }

  private static List<Object> points(Curves.Curve curve) {
    return curve.points().stream().<Object>map(point -> point.x() + " " + point.y()).toList();
  }

  @Test
  void aModelHasTheTimeOfAllItsAnswersAndWhatMadeThem() {
    Section section = section(run("x", timed(1024, 4), timed(2048, 8))).orElseThrow();

    assertThat(section.rows()).hasSize(1);
    assertThat(section.rows().get(0).cells())
        .containsExactly(
            Cell.of("m"),
            Cell.of("full"),
            Cell.of(2L),
            Cell.of(12.0),
            Cell.of(512.0),
            Cell.of(6144L),
            Cell.of(1000L),
            Cell.of("cpu"),
            Cell.of("fp32"),
            Cell.of(2L),
            Cell.of("a processor"));
  }

  @Test
  void lengthsOfATaskAreACurve() {
    Section section = section(run("x", timed(2048, 16), timed(1024, 4))).orElseThrow();

    assertThat(section.curves()).hasSize(1);
    assertThat(section.curves().get(0).curves()).hasSize(1);
    assertThat(points(section.curves().get(0).curves().get(0)))
        .containsExactly("1024.0 512.0", "2048.0 256.0");
  }

  @Test
  void runsAreCurvesOfTheirOwn() {
    Section section =
        section(run("x", timed(1024, 4), timed(2048, 8)), run("y", timed(1024, 2), timed(2048, 4)))
            .orElseThrow();

    assertThat(section.curves().get(0).curves())
        .extracting(Curves.Curve::name)
        .containsExactly("m full (run 1)", "m full (run 2)");
  }

  @Test
  void oneLengthIsNoCurve() {
    assertThat(section(run("x", timed(1024, 4)), run("y", timed(2048, 8))).orElseThrow().curves())
        .isEmpty();
  }

  @Test
  void rowsWithoutTimeAreLeftOut() {
    assertThat(section(run("x", timed(1024, 0)))).isEmpty();
  }
}
