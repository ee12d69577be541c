package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observations;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.testing.ToyTask;

/** A run that notes where attention goes, beside one that does not. */
class ObservedRunTest {
  private static final int SAMPLES = 11;
  private static final int BATCH = 3;
  private static final ToyTask TASK = ToyTask.of(SAMPLES);
  private static final StatisticsObservation SINKS =
      new StatisticsObservation(List.of("sinks"), List.of(), false);
  private static final String ROW = "mini/full/doubling/";

  @TempDir Path parent;

  @Test
  void samplesAreThoseOfARunThatNobodyWatches() throws IOException {
    RunResult plain = run(parent.resolve("plain"), SAMPLES, Optional.empty());
    RunResult seen = run(parent.resolve("seen"), SAMPLES, Optional.of(SINKS));

    assertThat(parent.resolve("seen").resolve(ROW + "samples.jsonl"))
        .hasSameBinaryContentAs(parent.resolve("plain").resolve(ROW + "samples.jsonl"));
    assertThat(seen.results().get(0).metrics()).isEqualTo(plain.results().get(0).metrics());
    assertThat(RunJson.document(plain)).doesNotContain("attention").doesNotContain("observe");
  }

  @Test
  void aRowIsTheMeanOverDocuments() {
    AttentionResult attention =
        run(parent, SAMPLES, Optional.of(SINKS)).results().get(0).attention().orElseThrow();

    assertThat(attention.log().lines()).isEqualTo(SAMPLES);
    assertThat(attention.rows().get(0).statistic()).isEqualTo("entropy_bits");
    assertThat(attention.rows().get(0).value()).isEqualTo((0.5 + 2.5 + 4.5 + 6.5 + 8.5 + 10) / 6);
  }

  @Test
  void itsFilesHold() {
    RunResult written = run(parent, SAMPLES, Optional.of(SINKS));

    assertThat(CheckedRun.look(parent).parts()).allMatch(part -> part.findings().isEmpty());
    assertThat(CheckedRun.open(parent).result()).isEqualTo(written);
  }

  @Test
  void aStatisticThatWasChangedWithItsDigestIsFound() throws IOException {
    run(parent, SAMPLES, Optional.of(SINKS));
    Path results = parent.resolve("results.json");
    String changed =
        Files.readString(results)
            .replaceFirst("(\"positions\" : null,\\s+\"value\" : )[0-9.]+", "$1" + 5.5);
    Files.writeString(results, changed);
    resum("results.json");

    assertThatThrownBy(() -> CheckedRun.open(parent))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("statistics.jsonl: entropy_bits is ")
        .hasMessageContaining("5.5");
  }

  @Test
  void aLogThatWasChangedWithItsDigestIsFound() throws IOException {
    run(parent, SAMPLES, Optional.of(SINKS));
    Path log = parent.resolve(ROW + "statistics.jsonl");
    Files.writeString(log, Files.readString(log).replaceFirst("\\[\\[0.0", "[[0.5"));
    resum(ROW + "statistics.jsonl");

    assertThatThrownBy(() -> CheckedRun.open(parent))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("statistics.jsonl: has 11 lines, ");
  }

  @Test
  void statisticsOfNoRowAreAStray() throws IOException {
    run(parent, SAMPLES, Optional.empty());
    Files.writeString(parent.resolve(ROW + "statistics.jsonl"), "");

    assertThatThrownBy(() -> CheckedRun.open(parent))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("statistics.jsonl");
  }

  @Test
  void whatIsObservedIsPartOfTheRun() {
    interrupted(parent, 5);

    assertThatThrownBy(() -> run(parent, SAMPLES, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("observe");
  }

  @Test
  void everyCutOfItsFilesIsRecoveredFrom() throws IOException {
    Path whole = parent.resolve("whole");
    run(whole, SAMPLES, Optional.of(SINKS));
    Path cut = parent.resolve("cut");
    interrupted(cut, SAMPLES - 1);
    CutFiles.areRecoveredFrom(
        cut,
        whole,
        ROW,
        List.of("samples.jsonl", "statistics.jsonl"),
        folder -> run(folder, SAMPLES, Optional.of(SINKS)));
  }

  @Test
  void aLineThatWasChangedStopsTheRunThatGoesOn() throws IOException {
    interrupted(parent, 8);
    Path log = parent.resolve(ROW + "statistics.jsonl");
    Files.writeString(log, Files.readString(log).replaceFirst("\\[\\[0.0", "[[0.5"));

    assertThatThrownBy(() -> run(parent, SAMPLES, Optional.of(SINKS)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("statistics.jsonl: lines 1 to 3 are not what was written there");
  }

  @Test
  void anAnswerThatFailedIsNotCounted() {
    Function<Request<?>, Response> failing =
        request ->
            new Generation(
                "", 0, ContextFit.whole(1), seen(1), Optional.of("its logits are no numbers"));

    AttentionResult attention =
        run(parent, failing, Optional.of(SINKS)).results().get(0).attention().orElseThrow();

    assertThat(attention.rows()).isEmpty();
    assertThat(attention.log().lines()).isEqualTo(SAMPLES);
  }

  private void resum(String file) throws IOException {
    Path sums = parent.resolve("SHA256SUMS");
    Files.writeString(
        sums,
        Files.readString(sums)
            .replaceAll(
                "(?m)^[0-9a-f]{64}  \\Q" + file + "\\E$",
                Digests.sha256(parent.resolve(file)) + "  " + file));
  }

  private static void interrupted(Path folder, int most) {
    assertThatThrownBy(() -> run(folder, most, Optional.of(SINKS)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("device lost");
  }

  /** Sample i has entropy i in its only head; two samples are a document. */
  private static RunResult run(Path folder, int most, Optional<StatisticsObservation> observe) {
    return run(
        folder,
        request -> {
          int number =
              Integer.parseInt(((Generate) request).prompt().replaceAll("^2 \\* | =$", ""));
          if (number >= most) {
            throw new IllegalStateException("device lost");
          }
          Optional<Observations> seen =
              request.observe().isEmpty() ? Optional.empty() : seen(number);
          return new Generation("" + 2 * number, 1, ContextFit.whole(7), seen);
        },
        observe);
  }

  private static Optional<Observations> seen(int number) {
    Statistic entropy =
        new Statistic(
            "entropy_bits",
            Optional.of(new Positions(0, 1024)),
            1,
            List.of(List.of((double) number)));
    return Optional.of(new Observations(List.of(new AttentionStatistics(List.of(entropy)))));
  }

  private static RunResult run(
      Path folder, Function<Request<?>, Response> script, Optional<StatisticsObservation> observe) {
    ModelCard card = new ModelCard("mini", "full", OptionalInt.empty(), Map.of());
    try (RunFolder run = RunFolder.open(folder);
        ScriptedModel model =
            new ScriptedModel(card, Set.of(StatisticsObservation.class), script)) {
      RunManifest manifest = run.begin(manifest(card, observe));
      try (SampleLog log = run.samples(card, TASK.id())) {
        TaskResult result;
        if (observe.isPresent()) {
          try (StatisticsLog statistics = run.statistics(card, TASK.id(), log)) {
            result = put(model, log, observe.map(asked -> new Observing(asked, statistics)));
          }
        } else {
          result = put(model, log, Optional.empty());
        }
        RunResult all = new RunResult(RunResult.SCHEMA, manifest, List.of(result));
        run.writeResults(all);
        return all;
      }
    }
  }

  private static TaskResult put(ScriptedModel model, SampleLog log, Optional<Observing> observing) {
    return TaskRunner.run(
        TASK, model, OptionalInt.empty(), BATCH, log, observing, Progress.silent());
  }

  private static RunManifest manifest(ModelCard card, Optional<StatisticsObservation> observe) {
    RunSpec spec =
        new RunSpec(
            "custom",
            List.of("mini"),
            List.of(),
            List.of(TaskOrder.of("doubling")),
            Optional.empty(),
            Optional.empty(),
            "cpu",
            "fp32",
            BATCH,
            1,
            64,
            true,
            observe,
            false);
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "1",
        Optional.of("abc"),
        new Machine("linux", "amd64", "fast", 2, "17"),
        List.of(card),
        Map.of("doubling", TASK.dataDigest()),
        Map.of(),
        List.of(
            new PlannedRow("mini", "full", TASK.id(), TASK.protocol(), TASK.dataDigest(), SAMPLES)),
        7);
  }
}
