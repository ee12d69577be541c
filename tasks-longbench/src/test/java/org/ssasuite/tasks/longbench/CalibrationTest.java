package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;

/** What models whose every answer is known must get, over whole evaluations. */
class CalibrationTest {
  /** A perfect ROUGE-L is not quite 100. */
  private static final double SHORT_OF_PERFECT = 1e-6;

  @TempDir static Path data;
  @TempDir Path folder;

  @BeforeAll
  static void makeUp() {
    MadeUpData.in(data);
  }

  static Stream<String> names() {
    return Made.names().stream().filter(name -> TaskForm.named(name).isPresent());
  }

  private static LongBenchTask task(String name) {
    return (LongBenchTask) Made.task(name, data, 8192);
  }

  private TaskResult run(LongBenchTask task, LanguageModel model) {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private static LanguageModel oracle(LongBenchTask task) {
    return new OracleModel(
        task.samples()
            .map(
                item ->
                    new OracleModel.Answer(
                        ((Generate) task.requests(item).get(0)).prompt(), item.answers().get(0)))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void oracleReachesTheCeiling(String name) {
    TaskResult result = run(task(name), oracle(task(name)));

    assertThat(result.samples()).isEqualTo(MadeUpData.RECORDS);
    assertThat(result.metrics())
        .allSatisfy(metric -> assertThat(metric.value()).isCloseTo(100, within(SHORT_OF_PERFECT)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void silenceScoresNothing(String name) {
    assertThat(run(task(name), new SilentModel()).metrics())
        .extracting(MetricResult::value)
        .containsOnly(0.0);
  }

  @Test
  void everyBucketHasItsFacetAndTheTrainedLengthToo() {
    assertThat(run(task("qasper"), oracle(task("qasper"))).metrics())
        .extracting(metric -> metric.facet().map(Object::toString).orElse("all"))
        .containsExactlyInAnyOrder(
            "all",
            "length=0-4k",
            "length=4-8k",
            "length=8k+",
            "prompt=whole",
            "trained_8192=inside");
  }
}
