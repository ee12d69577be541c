package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.testing.SlowTest;

/** Runs in processes of their own that are killed outright, and what becomes of them. */
class KilledRunTest {
  private static final int BATCH = 3;
  private static final int BOOKS = 60;
  private static final long PATIENCE_SECONDS = 120;

  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path whole;
  private static long wholeMillis;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    model = TinyModel.write(folder);
    data = Files.createDirectories(folder.resolve("books"));
    StringBuilder books = new StringBuilder();
    for (int i = 0; i < BOOKS; i++) {
      String text = ("The house stood by the river, number " + i + ". ").repeat(20 + i % 7);
      books.append("{\"id\": ").append(i).append(", \"text\": \"").append(text).append("\"}\n");
    }
    Files.createDirectories(data.resolve("pg19"));
    Files.writeString(data.resolve("pg19/beginnings.jsonl"), books.toString());
    whole = folder.resolve("whole");
    long begun = System.nanoTime();
    int status = end(start(whole));
    assertThat(status).as(Files.readString(folder.resolve("output.txt"))).isZero();
    wholeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  @Test
  void aRunThatIsKilledThreeTimesEndsAsAnUndisturbedOne() throws Exception {
    killAndResume(folder.resolve("killed"), 3, new Random(7));
  }

  @SlowTest
  void fiftyKillsLoseNothing() throws Exception {
    Random random = new Random(50);
    for (int i = 0; i < 50; i++) {
      killAndResume(folder.resolve("killed-" + i), 1, random);
    }
  }

  @Test
  void aRunThatIsToldToEndGoesOnToo() throws Exception {
    Path run = folder.resolve("terminated");
    Process process = start(run);
    awaitFirstBatch(run, process);
    process.destroy();
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(end(start(run))).isZero();
    assertThatNothingIsMissing(run);
  }

  @Test
  void whileARunIsGoingOnASecondOneIsRefused() throws Exception {
    Path run = folder.resolve("twice");
    Process first = start(run);
    awaitFirstBatch(run, first);
    Terminal.Outcome second = Terminal.type((Object[]) words(run));
    assertThat(second.status()).isEqualTo(2);
    assertThat(second.err()).isEqualTo("ssa: " + run + ": another run is writing into it\n");
    assertThat(end(first)).isZero();
    assertThatNothingIsMissing(run);
  }

  private static void killAndResume(Path run, int kills, Random random) throws Exception {
    for (int i = 0; i < kills; i++) {
      Process process = start(run);
      Thread.sleep(random.nextLong(wholeMillis));
      process.destroyForcibly();
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThatOneBatchIsAtStake(run);
    }
    assertThat(end(start(run))).isZero();
    assertThatNothingIsMissing(run);
  }

  /** What is on the disk and not committed is one batch at most: so much is answered again. */
  private static void assertThatOneBatchIsAtStake(Path run) throws IOException {
    Path progress = run.resolve("progress.jsonl");
    if (!Files.exists(progress)) {
      return;
    }
    long lines = 0;
    try (Stream<Path> files = Files.walk(run)) {
      for (Path log : files.filter(file -> file.endsWith("samples.jsonl")).toList()) {
        lines += Files.readString(log).chars().filter(c -> c == '\n').count();
      }
    }
    // The first line names the manifest.
    long batches =
        Math.max(0, Files.readString(progress).chars().filter(c -> c == '\n').count() - 1);
    // Two logs of as many samples, each in full batches.
    assertThat(lines - BATCH * batches).isBetween(0L, (long) BATCH);
  }

  private static void assertThatNothingIsMissing(Path run) throws IOException {
    assertThat(timeless(run)).isEqualTo(timeless(whole));
    for (String mode : List.of("full", "sparse-8x2")) {
      Path samples = Path.of("tiny", mode, "pg19", "samples.jsonl");
      assertThat(run.resolve(samples)).hasSameBinaryContentAs(whole.resolve(samples));
    }
    assertThat(run.resolve("leaderboard.md")).exists();
  }

  private static String timeless(Path run) throws IOException {
    return Files.readString(run.resolve("results.json"))
        .replaceAll("\"[a-z_]+_seconds\" : [-+.0-9Ee]+", "");
  }

  private static String[] words(Path run) {
    return Stream.of(
            "run",
            "--model",
            model,
            "--data",
            data,
            "--tasks",
            "pg19",
            "--lengths",
            "128",
            "--batch",
            BATCH,
            "--threads",
            1,
            "--out",
            run)
        .map(String::valueOf)
        .toArray(String[]::new);
  }

  private static Process start(Path run) throws IOException {
    return ChildProcess.start(folder.resolve("output.txt"), List.of(), words(run));
  }

  private static int end(Process process) throws Exception {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static void awaitFirstBatch(Path run, Process process) throws Exception {
    Path progress = run.resolve("progress.jsonl");
    while (process.isAlive() && !(Files.exists(progress) && Files.size(progress) > 0)) {
      Thread.sleep(1);
    }
    assertThat(process.isAlive()).as(Files.readString(folder.resolve("output.txt"))).isTrue();
  }
}
