package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.testing.Property;
import org.ssasuite.core.testing.ToyTask;

/** What a run leaves when it is interrupted, and that it goes on from there. */
class ResumedRunTest {
  private static final int SAMPLES = 11;
  private static final int BATCH = 3;
  private static final ToyTask TASK = ToyTask.of(SAMPLES);

  @TempDir Path parent;

  @Test
  void anInterruptedRunGoesOnBehindItsLastBatch() {
    interrupted(5);
    Doubling model = new Doubling(SAMPLES);
    goOn(model, manifest(10));
    assertThat(model.answered).isEqualTo(SAMPLES - 3);
  }

  @Test
  void itEndsAsIfNothingHadHappened() throws IOException {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    for (int fails = 0; fails < SAMPLES; fails++) {
      Path folder = parent.resolve("run-" + fails);
      interrupted(fails, folder);
      RunResult resumed = goOn(new Doubling(SAMPLES), manifest(99), folder);
      assertThat(timeless(resumed)).isEqualTo(timeless(whole));
      assertThat(samples(folder)).hasSameBinaryContentAs(samples(parent.resolve("whole")));
    }
  }

  @Test
  void everyCutOfEitherFileIsRecoveredFrom() throws IOException {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    interrupted(SAMPLES - 1);
    byte[] samples = Files.readAllBytes(samples(folder()));
    byte[] progress = Files.readAllBytes(progress());
    Function<Random, int[]> cuts =
        random ->
            new int[] {random.nextInt(samples.length + 1), random.nextInt(progress.length + 1)};
    Property.forAll(
        cuts,
        60,
        cut -> {
          write(samples(folder()), Arrays.copyOf(samples, cut[0]));
          write(progress(), Arrays.copyOf(progress, cut[1]));
          assertThat(timeless(goOn(new Doubling(SAMPLES), manifest(10))))
              .isEqualTo(timeless(whole));
          assertThat(samples(folder())).hasSameBinaryContentAs(samples(parent.resolve("whole")));
          Files.delete(folder().resolve("results.json"));
        });
  }

  @Test
  void atMostOneBatchIsAnsweredAgain() throws IOException {
    interrupted(7);
    Files.writeString(samples(folder()), "{\"sample\": \"toy-6\"", StandardOpenOption.APPEND);
    Doubling model = new Doubling(SAMPLES);
    goOn(model, manifest(10));
    assertThat(model.answered).isBetween(SAMPLES - 7, SAMPLES - 7 + BATCH);
  }

  @Test
  void aLogWithoutABatchIsNoBatchHoweverOftenTheRunIsTakenUp() throws IOException {
    interrupted(0);
    String begun = Files.readString(progress());
    assertThat(samples(folder())).isEmptyFile();
    interrupted(0);
    assertThat(progress()).hasContent(begun);
  }

  @Test
  void theManifestOfTheBeginningIsKept() {
    interrupted(4);
    assertThat(goOn(new Doubling(SAMPLES), manifest(99)).manifest().startedSeconds()).isEqualTo(10);
  }

  @Test
  void whereAllIsAnsweredTheModelIsNotAskedAgain() {
    try (RunFolder run = RunFolder.open(folder())) {
      run.begin(manifest(10));
      answer(run, new Doubling(SAMPLES));
    }
    RunResult resumed = goOn(new Doubling(0), manifest(10));
    assertThat(resumed.results().get(0).samples()).isEqualTo(SAMPLES);
  }

  @Test
  void aFinishedRunIsRecognised() {
    RunResult written = goOn(new Doubling(SAMPLES), manifest(10));
    try (RunFolder run = RunFolder.open(folder())) {
      run.begin(manifest(99));
      assertThat(run.finished()).contains(written);
    }
  }

  @Test
  void progressGoesWithTheResults() {
    interrupted(4);
    assertThat(progress()).exists();
    goOn(new Doubling(SAMPLES), manifest(10));
    assertThat(progress()).doesNotExist();
  }

  @Test
  void aRunOfAnotherSpecIsRefusedWithTheDifference() {
    interrupted(4);
    RunManifest other = manifest(10, 7);
    try (RunFolder run = RunFolder.open(folder())) {
      assertThatThrownBy(() -> run.begin(other))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              folder()
                  + ": holds another run: spec.tasks[0].limit is 20 there, 7 here; --fresh starts over");
    }
  }

  @Test
  void anotherJavaOrMoreProcessorsAreTheSameRun() {
    interrupted(4);
    RunManifest first = manifest(10);
    Machine machine = new Machine("other", "amd64", "fast", 64, "newer");
    RunManifest other =
        new RunManifest(
            first.schema(),
            first.spec(),
            first.version(),
            first.commit(),
            machine,
            first.models(),
            first.data(),
            first.libraries(),
            first.rows(),
            50);
    assertThat(ManifestDifferences.of(first, other)).isEmpty();
  }

  @Test
  void theSameProgramUnderAnotherCommitIsTheSameRun() {
    RunManifest first = built("abc", Map.of(RunManifest.PROGRAM, "sha256:1"));
    RunManifest noted = built("abc+dirty", Map.of(RunManifest.PROGRAM, "sha256:1"));

    assertThat(ManifestDifferences.of(first, noted)).isEmpty();
  }

  @Test
  void anotherProgramIsAnotherRun() {
    RunManifest first = built("abc", Map.of(RunManifest.PROGRAM, "sha256:1"));
    RunManifest changed = built("abc", Map.of(RunManifest.PROGRAM, "sha256:2"));

    assertThat(ManifestDifferences.of(first, changed))
        .containsExactly("libraries.program is \"sha256:1\" there, \"sha256:2\" here");
  }

  @Test
  void whereAManifestDoesNotSayItsProgramTheCommitDecides() {
    RunManifest old = built("abc", Map.of());
    RunManifest same = built("abc", Map.of(RunManifest.PROGRAM, "sha256:1"));
    RunManifest other = built("def", Map.of(RunManifest.PROGRAM, "sha256:1"));

    assertThat(ManifestDifferences.of(old, same)).isEmpty();
    assertThat(ManifestDifferences.of(old, other))
        .containsExactly("commit is \"abc\" there, \"def\" here");
  }

  @Test
  void aRunThatBeganUnderAnotherInstructionSetIsRefusedWithTheDifference() {
    try (RunFolder run = RunFolder.open(folder())) {
      run.begin(computedWith("avx512"));
    }
    try (RunFolder run = RunFolder.open(folder())) {
      assertThatThrownBy(() -> run.begin(computedWith("avx2")))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              folder()
                  + ": holds another run: models[0].facts.isa is \"avx512\" there, \"avx2\" here;"
                  + " --fresh starts over");
    }
  }

  private static RunManifest computedWith(String isa) {
    RunManifest first = manifest(10);
    return new RunManifest(
        first.schema(),
        first.spec(),
        first.version(),
        first.commit(),
        first.machine(),
        List.of(new ModelCard("mini", "full", OptionalInt.empty(), Map.of("isa", isa))),
        first.data(),
        first.libraries(),
        first.rows(),
        10);
  }

  private static RunManifest built(String commit, Map<String, String> libraries) {
    RunManifest first = manifest(10);
    return new RunManifest(
        first.schema(),
        first.spec(),
        first.version(),
        Optional.of(commit),
        first.machine(),
        first.models(),
        first.data(),
        libraries,
        first.rows(),
        10);
  }

  @Test
  void twoRunsIntoOneFolderAreRefused() {
    try (RunFolder run = RunFolder.open(folder())) {
      assertThat(run.path()).isEqualTo(folder());
      assertThatThrownBy(() -> RunFolder.open(folder()))
          .isInstanceOf(BadInputException.class)
          .hasMessage(folder() + ": another run is writing into it");
    }
    RunFolder.open(folder()).close();
  }

  @Test
  void aChangedSampleThatWasAnsweredIsBadInput() throws IOException {
    interrupted(7);
    String text = Files.readString(samples(folder()));
    Files.writeString(samples(folder()), text.replace("\"toy-1\"", "\"toy-9\""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            samples(folder())
                + ": lines 1 to 3 are not what was written there, by the digests in progress.jsonl;"
                + " --fresh starts over");
  }

  @Test
  void aDigitThatWasChangedInACommittedLineIsBadInputWithTheLinesOfItsBatch() throws IOException {
    interrupted(10);
    List<String> lines = new ArrayList<>(Files.readAllLines(samples(folder())));
    lines.set(4, lines.get(4).replace("\"value\":1.0", "\"value\":1.5"));
    Files.write(samples(folder()), lines);
    byte[] changed = Files.readAllBytes(samples(folder()));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(samples(folder()) + ": lines 4 to 6 are not what was written");
    assertThat(samples(folder())).hasBinaryContent(changed);
  }

  @Test
  void aCountThatWasChangedInTheJournalIsBadInputThatNamesItsLine() throws IOException {
    interrupted(7);
    String text = Files.readString(progress());
    Files.writeString(progress(), text.replaceFirst("\"run_tokens\":21", "\"run_tokens\":20"));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(progress() + ": line 2: is not what was written there; --fresh starts over");
  }

  @Test
  void aBatchThatIsGoneFromTheJournalIsBadInput() throws IOException {
    interrupted(10);
    List<String> lines = new ArrayList<>(Files.readAllLines(progress()));
    lines.remove(2);
    Files.write(progress(), lines);
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(progress() + ": line 3: is not what was written there");
  }

  @Test
  void aManifestThatWasChangedIsBadInput() throws IOException {
    interrupted(7);
    Path manifest = folder().resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("\"linux\"", "\"other\""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(manifest + ": was changed since the run began");
  }

  @Test
  void aJournalWithoutDigestsIsBadInput() throws IOException {
    interrupted(7);
    String text = Files.readString(progress());
    Files.writeString(progress(), text.replaceAll(",\"chain\":\"[0-9a-f]*\"", ""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("an earlier version began this run");
  }

  @Test
  void anInterruptedRunOfTheFirstVersionIsBadInput() throws IOException {
    interrupted(7);
    Path manifest = folder().resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("ssasuite/manifest/2", "ssasuite/manifest/1")
            .replaceAll("\"rows\" : \\[[^\\]]*],\\s*", ""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder() + ": holds a run of an earlier version");
  }

  @Test
  void whateverByteIsChangedTheRunIsRefusedOrEndsAsAnUndisturbedOne() throws IOException {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    interrupted(7);
    List<Path> files = List.of(samples(folder()), progress(), folder().resolve("manifest.json"));
    List<byte[]> intact = new ArrayList<>();
    for (Path file : files) {
      intact.add(Files.readAllBytes(file));
    }
    Function<Random, int[]> flips =
        random -> {
          int file = random.nextInt(files.size());
          return new int[] {file, random.nextInt(intact.get(file).length), 1 << random.nextInt(7)};
        };
    Property.forAll(
        flips,
        300,
        flip -> {
          for (int i = 0; i < files.size(); i++) {
            byte[] bytes = intact.get(i).clone();
            if (i == flip[0]) {
              bytes[flip[1]] ^= (byte) flip[2];
            }
            Files.write(files.get(i), bytes);
          }
          try {
            RunResult result = goOn(new Doubling(SAMPLES), manifest(10));
            assertThat(timeless(result)).isEqualTo(timeless(whole));
            Files.delete(folder().resolve("results.json"));
          } catch (BadInputException e) {
            assertThat(e).hasMessageStartingWith(folder().toString());
          }
        });
  }

  @Test
  void aRunThatFoundLessThanWasCommittedGoesOnFromThereWhateverComesNext() throws IOException {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    interrupted(10);
    byte[] log = Files.readAllBytes(samples(folder()));
    byte[] first =
        new String(log, StandardCharsets.US_ASCII)
            .lines()
            .limit(4)
            .map(line -> line + "\n")
            .reduce("", String::concat)
            .getBytes(StandardCharsets.US_ASCII);
    write(samples(folder()), first);
    interrupted(0);
    // What was in flight then is as long as what had been committed before, and something else.
    byte[] other = Arrays.copyOf(first, log.length);
    Arrays.fill(other, first.length, other.length, (byte) 'x');
    write(samples(folder()), other);
    assertThat(timeless(goOn(new Doubling(SAMPLES), manifest(10)))).isEqualTo(timeless(whole));
  }

  @Test
  void aRunThatWasKilledBetweenDigestsAndResultsGoesOn() throws IOException {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10));
    Path results = folder().resolve("results.json");
    Files.delete(results);
    interrupted(0, parent.resolve("other"));
    // The journal goes after the results, so it is there still.
    Path journal = parent.resolve("other/progress.jsonl");
    Files.writeString(
        progress(), Files.readString(journal).lines().findFirst().orElseThrow() + "\n");
    assertThat(timeless(goOn(new Doubling(SAMPLES), manifest(10)))).isEqualTo(timeless(whole));
    assertThat(CheckedRun.open(folder()).isSealed()).isTrue();
  }

  @Test
  void startingOverTakesTheRunAwayAndNothingElse() throws IOException {
    goOn(new Doubling(SAMPLES), manifest(10));
    Path notes = Files.writeString(folder().resolve("notes.txt"), "mine");
    Path deep = folder().resolve("mini/samples.jsonl");
    Files.writeString(deep, "mine too");
    Files.writeString(folder().resolve("table.md"), "of the run");
    try (RunFolder run = RunFolder.open(folder())) {
      run.clear(List.of("table.md"));
    }
    try (Stream<Path> files = Files.walk(folder())) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactlyInAnyOrder(notes, deep, folder().resolve(".lock"));
    }
    assertThat(goOn(new Doubling(SAMPLES), manifest(10, 7)).complete()).isTrue();
  }

  private void interrupted(int fails) {
    interrupted(fails, folder());
  }

  /** A run whose model dies at an answer, so that its batch is lost. */
  private static void interrupted(int fails, Path folder) {
    assertThatThrownBy(() -> goOn(new Doubling(fails), manifest(10), folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("device lost");
  }

  private RunResult goOn(LanguageModel model, RunManifest manifest) {
    return goOn(model, manifest, folder());
  }

  private static RunResult goOn(LanguageModel model, RunManifest manifest, Path folder) {
    try (RunFolder run = RunFolder.open(folder)) {
      RunManifest counting = run.begin(manifest);
      TaskResult result = answer(run, model);
      RunResult all = new RunResult(RunResult.SCHEMA, counting, List.of(result));
      run.writeResults(all);
      return all;
    }
  }

  private static TaskResult answer(RunFolder run, LanguageModel model) {
    try (SampleLog log = run.samples(model.card(), TASK.id())) {
      return TaskRunner.run(TASK, model, OptionalInt.empty(), BATCH, log, Progress.silent());
    }
  }

  /** Answers right, counts what it does, and dies at one of its answers. */
  private static final class Doubling implements LanguageModel {
    private final int most;
    private int answered;
    private int runs;

    Doubling(int most) {
      this.most = most;
    }

    @Override
    public ModelCard card() {
      return ResumedRunTest.card();
    }

    @Override
    public boolean observes(Observation<?> asked) {
      return false;
    }

    @Override
    public List<Response> answer(List<Request<?>> requests) {
      runs++;
      List<Response> responses = new ArrayList<>();
      for (Request<?> request : requests) {
        if (answered == most) {
          throw new IllegalStateException("device lost");
        }
        answered++;
        String digits = ((Generate) request).prompt().replaceAll("^2 \\* | =$", "");
        String text = "" + 2 * Integer.parseInt(digits);
        responses.add(new Generation(text, 1, ContextFit.whole(7), Optional.empty()));
      }
      return responses;
    }

    @Override
    public Work work() {
      return new Work(runs, 7L * answered, 0);
    }

    @Override
    public void close() {}
  }

  private static ModelCard card() {
    return new ModelCard("mini", "full", OptionalInt.empty(), Map.of());
  }

  private static RunManifest manifest(long started) {
    return manifest(started, 20);
  }

  private static RunManifest manifest(long started, int limit) {
    RunSpec spec =
        new RunSpec(
            "custom",
            List.of("mini"),
            List.of(),
            List.of(TaskOrder.of("doubling").withLimit(limit)),
            Optional.empty(),
            Optional.empty(),
            "cpu",
            "fp32",
            BATCH,
            1,
            64,
            true);
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "1",
        Optional.of("abc"),
        new Machine("linux", "amd64", "fast", 2, "17"),
        List.of(card()),
        Map.of("doubling", TASK.dataDigest()),
        Map.of(),
        List.of(
            new PlannedRow("mini", "full", TASK.id(), TASK.protocol(), TASK.dataDigest(), SAMPLES)),
        started);
  }

  /** As written, without the times. */
  private static String timeless(RunResult result) {
    return RunJson.document(result).replaceAll("\"[a-z_]+_seconds\" : [-+.0-9Ee]+", "");
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).hasSize(bytes.length);
  }

  private Path folder() {
    return parent.resolve("run");
  }

  private Path progress() {
    return folder().resolve("progress.jsonl");
  }

  private static Path samples(Path folder) {
    return folder.resolve("mini/full/doubling/samples.jsonl");
  }
}
