package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;

/** What models whose every answer is known must get, over whole evaluations. */
class CalibrationTest {
  private static final int SHOTS = 2;

  @TempDir Path folder;

  /** All but {@code hellaswag}, whose shots need a file that is not embedded. */
  static Stream<String> names() {
    return Made.names().stream().filter(name -> !name.equals("hellaswag"));
  }

  private static ChoiceTask task(String name) {
    return (ChoiceTask)
        Made.task(name, EmbeddedData.folder(), SHOTS, CommonsenseTasks.DEFAULT_SEED);
  }

  private TaskResult run(String name, LanguageModel model) {
    ChoiceTask task = task(name);
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private static double value(TaskResult result, String metric) {
    return result.metrics().stream()
        .filter(m -> m.metric().equals(metric))
        .mapToDouble(MetricResult::value)
        .findFirst()
        .orElseThrow();
  }

  private static OracleModel oracle(String name, ToIntFunction<Question> choice) {
    return new OracleModel(
        task(name)
            .samples()
            .map(item -> item.requests().get(choice.applyAsInt(item.question())))
            .map(right -> new OracleModel.Answer(right.context(), right.continuation()))
            .toList());
  }

  private static double shareOfFirstChoices(String name) {
    return task(name)
        .samples()
        .mapToInt(item -> item.question().gold() == 0 ? 100 : 0)
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("names")
  void oracleIsAlwaysRight(String name) {
    TaskResult result = run(name, oracle(name, Question::gold));

    assertThat(result.metrics())
        .filteredOn(metric -> metric.metric().startsWith("acc"))
        .isNotEmpty()
        .allMatch(metric -> metric.value() == 100);
  }

  @ParameterizedTest
  @MethodSource("names")
  void oracleIsFarFromChance(String name) {
    assertThat(run(name, oracle(name, Question::gold)).indistinguishableFromChance()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("names")
  void modelThatIsSureOfAWrongChoiceIsNeverRight(String name) {
    TaskResult result = run(name, oracle(name, question -> question.gold() == 0 ? 1 : 0));

    assertThat(result.metrics())
        .filteredOn(metric -> metric.metric().startsWith("acc"))
        .isNotEmpty()
        .allMatch(metric -> metric.value() == 0);
  }

  @ParameterizedTest
  @MethodSource("names")
  void silentModelIsRightWhereTheFirstChoiceIs(String name) {
    TaskResult result = run(name, new SilentModel());

    assertThat(result.metrics())
        .filteredOn(metric -> metric.metric().startsWith("acc"))
        .isNotEmpty()
        .allSatisfy(
            metric ->
                assertThat(metric.value()).isCloseTo(shareOfFirstChoices(name), within(1e-9)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void silentModelTiesEverywhere(String name) {
    assertThat(value(run(name, new SilentModel()), "ties")).isEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("names")
  void uniformModelIsIndistinguishableFromChance(String name) {
    assertThat(run(name, new UniformModel(256)).indistinguishableFromChance()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("names")
  void uniformModelNeedsEightBitsForAByte(String name) {
    assertThat(value(run(name, new UniformModel(256)), "gold_nats_per_byte"))
        .isCloseTo(8 * Math.log(2), within(1e-9));
  }

  @Test
  void uniformModelTiesInEveryPairOfBeginnings() {
    assertThat(value(run("winogrande", new UniformModel(256)), "ties")).isEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("names")
  void chanceIsOneOfTheChoices(String name) {
    double share =
        task(name)
            .samples()
            .mapToDouble(i -> 100.0 / i.question().choices())
            .average()
            .orElseThrow();

    assertThat(run(name, new SilentModel()).chance().orElseThrow()).isCloseTo(share, within(1e-9));
  }

  @ParameterizedTest
  @MethodSource("names")
  void scriptedModelSeesEachChoiceOnce(String name) {
    List<String> seen = new ArrayList<>();
    run(
        name,
        new ScriptedModel(
            request -> {
              RateContinuation rate = (RateContinuation) request;
              seen.add(rate.context() + rate.continuation());
              return new ContinuationRating(
                  -seen.size(), 3, false, false, ContextFit.whole(9), Optional.empty());
            }));

    assertThat(seen)
        .isEqualTo(
            task(name)
                .samples()
                .flatMap(item -> item.requests().stream())
                .map(rate -> rate.context() + rate.continuation())
                .toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void brokenModelLeavesEverySampleUnscored(String name) {
    TaskResult result =
        run(
            name,
            new ScriptedModel(
                request ->
                    new ContinuationRating(
                        Double.NaN, 3, false, false, ContextFit.whole(9), Optional.empty())));

    assertThat(result.samples()).isZero();
    assertThat(result.complete()).isFalse();
  }
}
