package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.Attribution;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.FailureClass;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.core.testing.ToyTask;

/** A run that tells failed samples apart, beside one that does not. */
class AttributedRunTest {
  private static final int SAMPLES = 11;
  private static final int BATCH = 3;
  private static final NeedleToys TASK = new NeedleToys(ToyTask.of(SAMPLES));
  private static final ModelCard CARD =
      new ModelCard("mini", "sparse:16x16", OptionalInt.empty(), Map.of());
  private static final String ROW = "mini/sparse-16x16/doubling/";

  @TempDir Path parent;

  @Test
  void samplesAreThoseOfARunThatAsksNothing() throws IOException {
    RunResult plain = run(parent.resolve("plain"), false);
    RunResult seen = run(parent.resolve("seen"), true);

    assertThat(parent.resolve("seen").resolve(ROW + "samples.jsonl"))
        .hasSameBinaryContentAs(parent.resolve("plain").resolve(ROW + "samples.jsonl"));
    assertThat(seen.results().get(0).metrics()).isEqualTo(plain.results().get(0).metrics());
    assertThat(seen.results().get(0).work()).isEqualTo(plain.results().get(0).work());
    assertThat(RunJson.document(plain)).doesNotContain("attribution");
  }

  @Test
  void everyFailedSampleIsInOneClass() {
    Attribution figures = figures(run(parent, true));

    assertThat(figures.samples()).isEqualTo(SAMPLES);
    assertThat(figures.right()).isEqualTo(2);
    assertThat(figures.neverLooked()).isEqualTo(3);
    assertThat(figures.selectionLost()).isEqualTo(3);
    assertThat(figures.looked()).isEqualTo(3);
    assertThat(figures.turnedRight()).isEqualTo(2);
  }

  @Test
  void plantedClassesAreFoundAgainInTheLog() {
    run(parent, true);
    List<Optional<FailureClass>> classes = new ArrayList<>();
    AttributionLog.forEach(
        parent.resolve(ROW + "attribution.jsonl"), record -> classes.add(record.failure()));

    List<Optional<FailureClass>> planted =
        List.of(
            Optional.of(FailureClass.NEVER_LOOKED),
            Optional.of(FailureClass.SELECTION_LOST),
            Optional.of(FailureClass.LOOKED),
            Optional.empty());
    assertThat(classes).hasSize(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      assertThat(classes.get(i)).isEqualTo(planted.get(i % planted.size()));
    }
  }

  @Test
  void whatTheSelectionLostIsAskedAgainWithItsNeedlesAndUnobserved() {
    List<Generate> again = new ArrayList<>();
    run(
        parent,
        request -> {
          if (!((Generate) request).attends().isEmpty()) {
            again.add((Generate) request);
          }
          return NeedleToys.answer(request);
        },
        true);

    assertThat(again).extracting(NeedleToys::number).containsExactly(1, 5, 9);
    assertThat(again)
        .allSatisfy(
            request -> {
              assertThat(request.attends()).containsExactly(NeedleToys.NUMBER);
              assertThat(request.observe().isEmpty()).isTrue();
            });
  }

  @Test
  void itsFilesHold() {
    RunResult written = run(parent, true);

    assertThat(CheckedRun.look(parent).parts()).allMatch(part -> part.findings().isEmpty());
    assertThat(CheckedRun.open(parent).result()).isEqualTo(written);
  }

  @Test
  void aClassThatWasChangedWithItsDigestIsFound() throws IOException {
    run(parent, true);
    Path results = parent.resolve("results.json");
    String changed =
        Files.readString(results)
            .replace("\"never_looked\" : 3", "\"never_looked\" : 2")
            .replace("\"looked\" : 3", "\"looked\" : 4");
    Files.writeString(results, changed);
    resum("results.json");

    assertThatThrownBy(() -> CheckedRun.open(parent))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("attribution.jsonl: never_looked is 2 in the results, 3 by the log");
  }

  @Test
  void aLogThatWasChangedWithItsDigestIsFound() throws IOException {
    run(parent, true);
    Path log = parent.resolve(ROW + "attribution.jsonl");
    Files.writeString(log, Files.readString(log).replaceFirst("\"depth\":2", "\"depth\":3"));
    resum(ROW + "attribution.jsonl");

    assertThatThrownBy(() -> CheckedRun.open(parent))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("attribution.jsonl: has 11 lines, ");
  }

  @Test
  void needlesOfNoRowAreAStray() throws IOException {
    run(parent, false);
    Files.writeString(parent.resolve(ROW + "attribution.jsonl"), "");

    assertThatThrownBy(() -> CheckedRun.open(parent))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("attribution.jsonl");
  }

  @Test
  void aLineThatLeavesOutTheSecondAnswerIsRefused() throws IOException {
    run(parent, true);
    Path log = parent.resolve(ROW + "attribution.jsonl");
    Files.writeString(log, Files.readString(log).replaceFirst(",\"again\":\\[true\\]", ""));

    assertThatThrownBy(() -> AttributionLog.forEach(log, record -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("was not asked again");
  }

  @Test
  void whetherItIsAskedIsPartOfTheRun() {
    interrupted(parent, 5);

    assertThatThrownBy(() -> run(parent, false))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("attribution");
  }

  @Test
  void everyCutOfItsFilesIsRecoveredFrom() throws IOException {
    Path whole = parent.resolve("whole");
    run(whole, true);
    Path cut = parent.resolve("cut");
    interrupted(cut, SAMPLES - 1);
    CutFiles.areRecoveredFrom(
        cut,
        whole,
        ROW,
        List.of("samples.jsonl", "attribution.jsonl"),
        folder -> run(folder, true));
  }

  @Test
  void anAnswerThatFailedHasNoClass() {
    Attribution figures =
        figures(
            run(
                parent,
                request ->
                    new Generation(
                        "", 0, ContextFit.whole(1), Optional.empty(), Optional.of("no numbers")),
                true));

    assertThat(figures.samples()).isZero();
    assertThat(figures.needles()).isZero();
  }

  @Test
  void aModelThatCannotTellIsRefusedBeforeItIsAsked() {
    ScriptedModel blind =
        new ScriptedModel(
            CARD,
            Set.of(),
            request -> {
              throw new IllegalStateException("was asked");
            });

    assertThatThrownBy(() -> run(parent, blind, true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("needs span_mass, which model mini cannot observe");
  }

  @Test
  void linesAreReadBackEqual() throws IOException {
    run(parent, true);
    Path log = parent.resolve(ROW + "attribution.jsonl");
    List<AttributionRecord> records = new ArrayList<>();
    AttributionLog.forEach(log, records::add);
    StringBuilder again = new StringBuilder();
    records.forEach(
        record ->
            again.append(new String(AttributionJson.line(record), StandardCharsets.US_ASCII)));

    assertThat(again).hasToString(Files.readString(log));
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

  private static Attribution figures(RunResult result) {
    return result.results().get(0).attribution().orElseThrow().figures();
  }

  private static void interrupted(Path folder, int most) {
    assertThatThrownBy(
            () ->
                run(
                    folder,
                    request -> {
                      if (NeedleToys.number(request) >= most) {
                        throw new IllegalStateException("device lost");
                      }
                      return NeedleToys.answer(request);
                    },
                    true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("device lost");
  }

  private static RunResult run(Path folder, boolean attribution) {
    return run(folder, NeedleToys::answer, attribution);
  }

  private static RunResult run(
      Path folder, Function<Request<?>, Response> script, boolean attribution) {
    return run(
        folder, new ScriptedModel(CARD, Set.of(SpanMassObservation.class), script), attribution);
  }

  private static RunResult run(Path folder, ScriptedModel model, boolean attribution) {
    try (RunFolder run = RunFolder.open(folder)) {
      RunManifest manifest = run.begin(manifest(attribution));
      try (SampleLog log = run.samples(CARD, TASK.id())) {
        TaskResult result;
        if (attribution) {
          try (AttributionLog needles = run.attribution(CARD, TASK.id(), log)) {
            result = put(model, log, Optional.of(new Attributing(needles)));
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

  private static TaskResult put(
      ScriptedModel model, SampleLog log, Optional<Attributing> attributing) {
    return TaskRunner.run(
        TASK,
        model,
        OptionalInt.empty(),
        BATCH,
        log,
        new Notes(Optional.empty(), attributing),
        Progress.silent());
  }

  private static RunManifest manifest(boolean attribution) {
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
            Optional.empty(),
            attribution);
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "1",
        Optional.of("abc"),
        new Machine("linux", "amd64", "fast", 2, "17"),
        List.of(CARD),
        Map.of("doubling", TASK.dataDigest()),
        Map.of(),
        List.of(
            new PlannedRow(
                "mini", "sparse:16x16", TASK.id(), TASK.protocol(), TASK.dataDigest(), SAMPLES)),
        7);
  }
}
