package org.ssasuite.core.described;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Task;

/** What models whose every answer is known must get, over whole evaluations. */
class CalibrationTest {
  @TempDir Path folder;
  private int runs;

  private TaskResult result(Task<?> task, LanguageModel model) {
    RunFolder run = RunFolder.create(folder.resolve("run" + runs++));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private double headline(Task<?> task, LanguageModel model) {
    return result(task, model).metrics().get(0).value();
  }

  private Task<?> choose() {
    return Made.task(folder, Made.CHOOSE, Made.QUESTIONS);
  }

  private Task<?> generate(String metric) {
    return Made.task(folder, Made.GENERATE.replace("token_f1", metric), Made.ASKED);
  }

  private static OracleModel told(Task<?> task) {
    return new OracleModel(
        task.samples()
            .map(GenerateTask.Item.class::cast)
            .map(item -> new OracleModel.Answer(item.request().prompt(), item.answers().get(0)))
            .toList());
  }

  @Test
  void oracleIsAlwaysRight() {
    List<OracleModel.Answer> answers =
        choose()
            .samples()
            .map(ChooseTask.Item.class::cast)
            .map(
                item ->
                    new OracleModel.Answer(item.context(), " " + item.choices().get(item.gold())))
            .toList();

    assertThat(headline(choose(), new OracleModel(answers))).isEqualTo(100);
  }

  @Test
  void oracleWritesTheAnswer() {
    for (String metric : List.of("token_f1", "exact", "contains_part", "code_similarity")) {
      Task<?> task = generate(metric);

      assertThat(headline(task, told(task))).as(metric).isEqualTo(100);
    }
  }

  /** The reference's formula falls short of 1 by its epsilon. */
  @Test
  void oracleWritesTheAnswerButForRougesEpsilon() {
    Task<?> task = generate("rouge_l");

    assertThat(headline(task, told(task))).isCloseTo(100, within(1e-6));
  }

  /** It writes one of two answers for one of two rows. */
  @Test
  void everyAnswerCountsWhereAllAreWanted() {
    Task<?> task = generate("contains_all");

    assertThat(headline(task, told(task))).isEqualTo(75);
  }

  @Test
  void silenceGetsNothing() {
    for (String metric : List.of("token_f1", "rouge_l", "exact", "contains_all")) {
      assertThat(headline(generate(metric), new SilentModel())).as(metric).isZero();
    }
  }

  @Test
  void ofEqualChoicesTheFirstIsTaken() {
    Task<?> task =
        Made.task(folder, Made.CHOOSE, Made.QUESTIONS.replace("\"gold\": 1", "\"gold\": 0"));

    assertThat(headline(task, new UniformModel(256))).isEqualTo(100);
  }

  @Test
  void certaintyHasPerplexityOne() {
    assertThat(headline(Made.task(folder, Made.RATE, Made.NOTES), new OracleModel(List.of())))
        .isEqualTo(1);
  }

  /** A token of the model is a byte, and the loss is divided by the bytes of the whole text. */
  @Test
  void rollingWindowsAreDividedByTheWholeText() {
    String rolling = Made.RATE.replace("\"tokens\": 64", "\"tokens\": 8, \"windows\": \"rolling\"");
    Task<?> task = Made.task(folder, rolling, Made.NOTES);
    List<MetricResult> metrics = result(task, new UniformModel(256)).metrics();

    assertThat(metrics)
        .filteredOn(metric -> metric.metric().equals("byte_perplexity"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.value()).isCloseTo(256, within(1e-4)));
  }
}
