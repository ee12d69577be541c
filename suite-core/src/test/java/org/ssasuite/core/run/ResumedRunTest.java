package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Property;

/** What a run leaves when it is interrupted, and that it goes on from there. */
class ResumedRunTest extends InterruptedRun {
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

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).hasSize(bytes.length);
  }
}
