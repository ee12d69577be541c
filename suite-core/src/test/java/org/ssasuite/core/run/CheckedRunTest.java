package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.testing.ToyTask;

/** A finished run's files against each other. */
class CheckedRunTest {
  private static final ToyTask TASK = ToyTask.of(6);
  private static final String LOG = "mini/full/doubling/samples.jsonl";

  @TempDir Path folder;

  @BeforeEach
  void evaluate() {
    ModelCard card =
        new ModelCard("mini", "full", OptionalInt.empty(), Map.of("precision", "fp32"));
    PlannedRow row =
        new PlannedRow("mini", "full", TASK.id(), TASK.protocol(), TASK.dataDigest(), 6);
    RunManifest manifest =
        new RunManifest(
            RunManifest.SCHEMA,
            spec(),
            "1",
            Optional.empty(),
            new Machine("linux", "amd64", "fast", 2, "17"),
            List.of(card),
            Map.of("doubling", TASK.dataDigest()),
            Map.of(),
            List.of(row),
            7);
    try (RunFolder run = RunFolder.open(folder);
        LanguageModel model = new ScriptedModel(card, Set.of(), CheckedRunTest::doubled)) {
      run.begin(manifest);
      try (SampleLog log = run.samples(card, TASK.id())) {
        TaskResult result =
            TaskRunner.run(TASK, model, OptionalInt.empty(), 2, log, Progress.silent());
        run.writeResults(new RunResult(RunResult.SCHEMA, manifest, List.of(result)));
      }
    }
  }

  private static Generation doubled(Request<?> request) {
    int number = Integer.parseInt(((Generate) request).prompt().replaceAll("^2 \\* | =$", ""));
    return new Generation("" + 2 * (number % 4), 1, ContextFit.whole(7), Optional.empty());
  }

  private static RunSpec spec() {
    return new RunSpec(
        "custom",
        List.of("mini"),
        List.of("full"),
        List.of(TaskOrder.of("doubling")),
        Optional.empty(),
        Optional.empty(),
        "cpu",
        "fp32",
        2,
        1,
        64,
        true,
        Optional.empty(),
        false);
  }

  @Test
  void aRunThatNobodyTouchedIsOpened() {
    CheckedRun run = CheckedRun.open(folder);
    assertThat(run.isSealed()).isTrue();
    assertThat(run.caveat()).isEmpty();
    assertThat(run.samples(run.result().results().get(0))).hasSize(6);
  }

  @Test
  void digestsAreOfEveryFileInTheFormThatSha256sumReads() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : List.of("manifest.json", "results.json", LOG)) {
      lines.add(Digests.sha256(folder.resolve(file)) + "  " + file);
    }
    assertThat(folder.resolve("SHA256SUMS")).hasContent(String.join("\n", lines) + "\n");
  }

  @Test
  void aLogThatWasCutIsRefused() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(LOG));
    Files.write(folder.resolve(LOG), lines.subList(0, 4));
    refused(LOG, "has not the SHA-256 that SHA256SUMS has");
  }

  @Test
  void aLogThatWasCutWithItsDigestIsRefusedByTheResults() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(LOG));
    Files.write(folder.resolve(LOG), lines.subList(0, 4));
    resum(LOG);
    refused(LOG, "has 4 lines, ");
  }

  @Test
  void resultsThatWereChangedWithTheirDigestAreRefusedByTheLog() throws IOException {
    replace(
        "results.json",
        "\"samples\" : 6,\n      \"unscored\"",
        "\"samples\" : 5,\n      \"unscored\"");
    resum("results.json");
    refused("results.json", "mini full doubling: samples is 5, 6 in the manifest");
  }

  @Test
  void aFigureThatWasChangedWithItsDigestIsRefusedByTheLog() throws IOException {
    replace("results.json", "\"value\" : ", "\"value\" : 1");
    resum("results.json");
    refused(LOG, "correct is 1");
  }

  @Test
  void aManifestThatWasChangedWithItsDigestIsRefusedByTheResults() throws IOException {
    replace("manifest.json", "\"fp32\"", "\"bf16\"");
    resum("manifest.json");
    refused(
        "manifest.json",
        "is not the one in results.json: spec.precision is \"bf16\" there, \"fp32\" here");
  }

  @Test
  void aMissingManifestIsRefused() throws IOException {
    Files.delete(folder.resolve("manifest.json"));
    refused("manifest.json", "no such file");
  }

  @Test
  void missingDigestsAreRefused() throws IOException {
    Files.delete(folder.resolve("SHA256SUMS"));
    refused("SHA256SUMS", "no such file or folder");
  }

  @Test
  void aFileThatDigestsDoNotNameIsRefused() throws IOException {
    Path sums = folder.resolve("SHA256SUMS");
    Files.write(sums, Files.readAllLines(sums).subList(0, 2));
    refused("SHA256SUMS", "does not name " + LOG);
  }

  @Test
  void aFileThatDigestsNameTwiceIsRefused() throws IOException {
    Path sums = folder.resolve("SHA256SUMS");
    Files.writeString(sums, Files.readString(sums).repeat(2));
    refused("SHA256SUMS", "line 4 names a file for the second time");
  }

  @Test
  void aLogOfNoRowIsRefused() throws IOException {
    Path other = folder.resolve("mini/full/other/samples.jsonl");
    Files.createDirectories(other.getParent());
    Files.copy(folder.resolve(LOG), other);
    refused("mini/full/other/samples.jsonl", "belongs to no row of results.json");
  }

  @Test
  void aLogThatIsChangedAfterTheRunWasOpenedIsRefused() throws IOException {
    CheckedRun run = CheckedRun.open(folder);
    replace(LOG, "toy-1", "toy-9");
    assertThatThrownBy(() -> run.samples(run.result().results().get(0)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder.resolve(LOG) + ": was changed while it was read");
  }

  @Test
  void whatALogWasWhileTheRunWentOnIsWhatItHasToBeInTheEnd() throws IOException {
    RunResult result = RunFolder.readResults(folder);
    Files.delete(folder.resolve("results.json"));
    Files.delete(folder.resolve(LOG));
    try (RunFolder run = RunFolder.open(folder)) {
      run.begin(result.manifest());
      run.samples(result.results().get(0).model(), TASK.id()).close();
      Files.writeString(folder.resolve(LOG), "{}\n");
      assertThatThrownBy(() -> run.writeResults(result))
          .isInstanceOf(BadInputException.class)
          .hasMessage(folder.resolve(LOG) + ": was changed while the run went on");
    }
  }

  @Test
  void aRunOfTheFirstVersionIsOpenedWithItsCaveatAndNotGated() throws IOException {
    EarlierRun.makeFirst(folder);
    CheckedRun run = CheckedRun.open(folder);
    assertThat(run.caveat().orElseThrow()).startsWith(folder + ": a run of an earlier version");
    assertThatThrownBy(run::requireSealed)
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder + ": is a run of an earlier version, whose files carry no");
  }

  @Test
  void aRunOfTheFirstVersionWhoseLogWasCutIsRefused() throws IOException {
    EarlierRun.makeFirst(folder);
    List<String> lines = Files.readAllLines(folder.resolve(LOG));
    Files.write(folder.resolve(LOG), lines.subList(0, 4));
    refused(LOG, "samples is 6 in the results, 4 by the log");
  }

  @Test
  void anIntervalOfTheFirstVersionIsCountedAgain() throws IOException {
    EarlierRun.makeFirst(folder);
    replace("results.json", "\"high\" : ", "\"high\" : 1");
    refused(LOG, "the interval of correct is ");
  }

  @Test
  void aMetricThatIsThereTwiceIsRefused() throws IOException {
    EarlierRun.makeFirst(folder);
    String text = Files.readString(folder.resolve("results.json"));
    int from = text.indexOf("{", text.indexOf("\"metrics\""));
    int to = text.indexOf("]", from);
    String metric = text.substring(from, to).strip();
    Files.writeString(
        folder.resolve("results.json"),
        text.substring(0, from) + metric + ", " + text.substring(from));
    refused(LOG, "a metric is in the results twice");
  }

  @Test
  void aRunOfTheSecondVersionHoldsWithTheIntervalsOfThen() throws IOException {
    EarlierRun.makeSecond(folder);
    resum("results.json");
    assertThat(CheckedRun.look(folder).parts()).allMatch(part -> part.findings().isEmpty());
    assertThat(CheckedRun.open(folder).isSealed()).isTrue();
  }

  @Test
  void intervalsOfNowAreNotThoseOfTheSecondVersion() throws IOException {
    replace("results.json", "ssasuite/results/3", "ssasuite/results/2");
    resum("results.json");
    assertThat(CheckedRun.look(folder).parts())
        .flatExtracting(CheckedRun.Part::findings)
        .extracting(CheckedRun.Finding::fact)
        .anyMatch(fact -> fact.startsWith("the interval of correct is "));
  }

  private void replace(String name, String part, String replacement) throws IOException {
    Path file = folder.resolve(name);
    String text = Files.readString(file);
    assertThat(text).contains(part);
    int at = text.indexOf(part);
    Files.writeString(
        file, text.substring(0, at) + replacement + text.substring(at + part.length()));
  }

  /** Puts a file's digest of now into the file with all digests. */
  private void resum(String name) throws IOException {
    Path sums = folder.resolve("SHA256SUMS");
    try (Stream<String> lines = Files.readString(sums).lines()) {
      List<String> changed =
          lines
              .map(
                  line ->
                      line.endsWith("  " + name)
                          ? Digests.sha256(folder.resolve(name)) + "  " + name
                          : line)
              .toList();
      Files.write(sums, changed);
    }
  }

  private void refused(String file, String fact) {
    assertThatThrownBy(() -> CheckedRun.open(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.resolve(file) + ": ")
        .hasMessageContaining(fact);
  }
}
