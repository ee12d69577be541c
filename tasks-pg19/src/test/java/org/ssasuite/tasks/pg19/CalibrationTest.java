package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.core.testing.Golden;

/** What models whose every answer is known must get, over whole evaluations. */
class CalibrationTest {
  /** Log-probabilities are handed over in single precision. */
  private static final double SINGLE = 1e-6;

  @TempDir Path folder;

  static List<String> names() {
    return Made.lossNames();
  }

  private TaskResult run(Task<?> task, LanguageModel model) {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private TaskResult run(String name, LanguageModel model) {
    return run(Made.task(name, EmbeddedData.folder()), model);
  }

  private static double value(TaskResult result, String metric, Optional<Facet> facet) {
    return result.metrics().stream()
        .filter(m -> m.metric().equals(metric) && m.facet().equals(facet))
        .mapToDouble(MetricResult::value)
        .findFirst()
        .orElseThrow();
  }

  private static double value(TaskResult result, String metric) {
    return value(result, metric, Optional.empty());
  }

  /** Eight bits for each byte of the detokenised pages, spread over the bytes of the originals. */
  private static double eightBitsPerTextByte(int pages) {
    double text = 0;
    double original = 0;
    for (JsonNode page : Golden.vectors("wikitext2-pages.jsonl").subList(0, pages)) {
      text += page.get("text_utf8_bytes").intValue();
      original += page.get("bytes").intValue();
    }
    return 8 * text / original;
  }

  @ParameterizedTest
  @MethodSource("names")
  void oracleHasPerplexityOne(String name) {
    assertThat(value(run(name, new OracleModel(List.of())), "word_perplexity")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg19", "pg19-long"})
  void uniformModelNeedsEightBitsForAByteOfABook(String name) {
    assertThat(value(run(name, new UniformModel(256)), "bits_per_byte"))
        .isCloseTo(8, within(SINGLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg19", "pg19-long"})
  void silentModelNeedsEightBitsForAByteOfABook(String name) {
    assertThat(value(run(name, new SilentModel()), "bits_per_byte")).isCloseTo(8, within(SINGLE));
  }

  @Test
  void uniformModelHasTheSameLossAtEveryPosition() {
    TaskResult result = run("pg19", new UniformModel(256));

    assertThat(value(result, "token_nats", Optional.of(new Facet("position", "(4096, 8192]"))))
        .isCloseTo(Math.log(256), within(SINGLE));
  }

  @Test
  void everyEmbeddedBookFillsTheWindow() {
    TaskResult result = run("pg19", new UniformModel(256));

    assertThat(result.metrics())
        .filteredOn(m -> m.facet().equals(Optional.of(new Facet("position", "(4096, 8192]"))))
        .extracting(MetricResult::samples)
        .containsExactly(60);
  }

  @Test
  void uniformModelNeedsEightBitsForAByteOfText() {
    assertThat(value(run("wikitext2", new UniformModel(256)), "bits_per_byte"))
        .isCloseTo(eightBitsPerTextByte(62), within(SINGLE));
  }

  @Test
  void uniformModelNeedsEightBitsForAByteOfTheFirstPages() {
    assertThat(value(run("wikitext2-head", new UniformModel(256)), "bits_per_byte"))
        .isCloseTo(eightBitsPerTextByte(3), within(SINGLE));
  }

  @Test
  void uniformModelNeedsEightBitsForAByteThatDetokenisationKeeps() throws IOException {
    Files.createDirectories(folder.resolve("wikitext2"));
    Files.writeString(folder.resolve("wikitext2/wiki.test.raw"), "= A =\nplain text\n= B =\nmore");
    Task<?> task = Made.task(TaskOrder.of("wikitext2").withLength(4), Variant.NONE, folder);

    assertThat(value(run(task, new UniformModel(256)), "bits_per_byte"))
        .isCloseTo(8, within(SINGLE));
  }

  @Test
  void silentModelNeedsEightBitsForAByteOfText() {
    assertThat(value(run("wikitext2", new SilentModel()), "bits_per_byte"))
        .isCloseTo(eightBitsPerTextByte(62), within(SINGLE));
  }

  @ParameterizedTest
  @MethodSource("names")
  void brokenModelLeavesEverySampleUnscored(String name) {
    LanguageModel broken =
        new ScriptedModel(
            request ->
                new DocumentRating(
                    new RatedTokens(1, 0, new float[] {Float.NaN}, new int[] {100}),
                    ContextFit.whole(2),
                    Optional.empty()));
    TaskResult result = run(name, broken);

    assertThat(result.samples()).isZero();
    assertThat(result.complete()).isFalse();
  }
}
