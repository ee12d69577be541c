package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.DocumentComparison;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

/** Modes against a reference, with models whose every answer is known. */
class ConformanceTaskTest {
  @TempDir Path folder;

  @BeforeEach
  void writeBooks() throws Exception {
    Files.createDirectories(folder.resolve("pg19"));
    Files.writeString(
        folder.resolve("pg19/beginnings.jsonl"),
        """
        {"id": 1, "text": "abcde"}
        {"id": 2, "text": "abc"}
        {"id": 3, "text": "a"}
        """);
  }

  private Task<?> task(String... reference) {
    TaskOrder order = TaskOrder.of("conformance").withLength(4);
    return Made.task(
        reference.length == 0
            ? order
            : order.withOwn(Map.of(Pg19Tasks.REFERENCE, List.of(reference))),
        Variant.NONE,
        folder);
  }

  private TaskResult run(LanguageModel model) {
    Task<?> task = task();
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private static double value(TaskResult result, String metric) {
    return result.metrics().stream()
        .filter(m -> m.metric().equals(metric) && m.facet().isEmpty())
        .mapToDouble(MetricResult::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aModelOfOneModeIsNotApartFromItself() {
    for (LanguageModel model : List.of(new OracleModel(List.of()), new UniformModel(256))) {
      Path own = folder.resolve(model.card().name());
      RunFolder run = RunFolder.create(own);
      try (model;
          SampleLog log = run.samples(model.card(), task().id())) {
        TaskResult result =
            TaskRunner.run(task(), model, OptionalInt.empty(), 4, log, Progress.silent());
        assertThat(value(result, "kl")).isZero();
        assertThat(value(result, "same_top")).isEqualTo(1);
        assertThat(value(result, "loss_difference")).isZero();
        // A book of one token has nothing to predict.
        assertThat(result.unscored()).isEqualTo(1);
      }
    }
  }

  @Test
  void positionsCountOnceWhateverTheirDocument() {
    TaskResult result = run(scripted(1, 3));

    // Three predictions of KL 1 in the first book, two of KL 3 in the second.
    assertThat(value(result, "kl")).isEqualTo((3 * 1 + 2 * 3) / 5.0);
    assertThat(value(result, "loss_difference")).isEqualTo((3 * 0.5 + 2 * 1.5) / 5);
    assertThat(value(result, "same_top")).isZero();
  }

  @Test
  void whatIsNoNumberIsNoScore() {
    TaskResult result = run(scripted(1, Double.POSITIVE_INFINITY));

    assertThat(result.samples()).isEqualTo(1);
    assertThat(result.unscored()).isEqualTo(2);
  }

  /** KL of the two books' positions; the loss differs by half of it. */
  private static LanguageModel scripted(double first, double second) {
    return new ScriptedModel(
        request -> {
          CompareDocument asked = (CompareDocument) request;
          int read = Math.min(asked.text().length(), asked.tokens());
          int rows = read - 1;
          double kl = asked.text().equals("abcde") ? first : second;
          double[] figures = new double[ComparedTokens.FIGURES * rows];
          for (int row = 0; row < rows; row++) {
            figures[ComparedTokens.FIGURES * row] = kl;
            figures[ComparedTokens.FIGURES * row + 4] = -kl / 2;
          }
          return new DocumentComparison(
              new ComparedTokens(figures, new boolean[rows]),
              new ContextFit(asked.text().length(), read),
              Optional.empty());
        });
  }

  @Test
  void theReferenceIsPartOfWhatIsAsked() {
    assertThat(task().protocol()).endsWith("divergence-from-full");
    assertThat(task("sparse:16x4").protocol()).endsWith("divergence-from-sparse:16x4");
  }

  @Test
  void twoReferencesAreRefused() {
    assertThatThrownBy(() -> task("full", "sparse"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task conformance: holds modes against one reference, not 2");
  }
}
