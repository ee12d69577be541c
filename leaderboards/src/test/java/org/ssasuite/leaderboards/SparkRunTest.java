package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.leaderboards.Terminal.Outcome;

/**
 * {@code ssa run --spark} on a cluster of this machine's own processes. A build without profile
 * {@code spark} has nothing to try.
 */
@EnabledIfSystemProperty(
    named = "ssa.spark",
    matches = "true",
    disabledReason = "needs Spark: runs with -Pspark")
class SparkRunTest {
  private static final long PATIENCE_SECONDS = 300;

  /** Of a task; what is killed amid a run needs some that come behind. */
  private static final int SAMPLES = Boolean.getBoolean("ssa.slow") ? 12 : 4;

  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  @TempDir static Path folder;
  private static Path model;
  private static Path whole;

  @BeforeAll
  static void evaluateInOneProcess() throws IOException {
    model = TinyModel.write(folder);
    whole = folder.resolve("whole");
    Outcome outcome = Terminal.type(words(whole).toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  /** Ratings, choices, and generations with needle traces, all with statistics of attention. */
  private static List<Object> words(Path out, Object... more) {
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--out", out));
    words.addAll(List.of("--tasks", "pg19,arc_easy,niah_single_1", "--lengths", 512));
    words.addAll(List.of("--shots", 1, "--limit", SAMPLES, "--batch", 2));
    words.addAll(List.of("--observe", "sinks,needle", "--threads", 1));
    words.addAll(List.of(more));
    return words;
  }

  private static List<Object> onSpark(Path out, int executors) {
    return words(out, "--spark", "local-cluster[" + executors + ",1,512]");
  }

  private static String timeless(Path file) throws IOException {
    return Files.readString(file).replaceAll("\"[a-z_]+_seconds\" : [-+.0-9Ee]+", "");
  }

  private static List<Path> logs(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .map(run::relativize)
          .sorted()
          .toList();
    }
  }

  private static void assertIsTheWhole(Path run) throws IOException {
    assertThat(logs(run)).hasSize(18).isEqualTo(logs(whole));
    for (Path log : logs(whole)) {
      assertThat(run.resolve(log)).hasSameBinaryContentAs(whole.resolve(log));
    }
    assertThat(timeless(run.resolve("results.json")))
        .isEqualTo(timeless(whole.resolve("results.json")));
    assertThat(timeless(run.resolve("manifest.json")))
        .isEqualTo(timeless(whole.resolve("manifest.json")));
    assertThat(run.resolve("progress.units")).doesNotExist();
  }

  @Test
  void aRunOnTwoExecutorsIsTheRunOfOneProcess() throws IOException {
    Path run = folder.resolve("two");

    Outcome outcome = Terminal.type(onSpark(run, 2).toArray());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertIsTheWhole(run);
    assertThat(outcome.err()).contains(" units by 2 programs on executors in ");
  }

  @Test
  void aFinishedRunIsNotDoneAgain() {
    Outcome outcome = Terminal.type(words(whole, "--spark", "local").toArray());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .endsWith(whole + " holds this run, finished; --fresh starts over\n")
        .doesNotContain("units");
  }

  @Test
  void suiteBudgetIsNotSharedOut() {
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--suite", "budget"));
    words.addAll(List.of("--on", "pg19", "--lengths", 64, "--budgets", "8x2"));
    words.addAll(List.of("--out", folder.resolve("budget"), "--spark", "local"));

    Outcome outcome = Terminal.type(words.toArray());

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .endsWith(
            "ssa: --spark: cannot share out suite budget, which times all modes of a model side by"
                + " side\n");
    assertThat(folder.resolve("budget")).doesNotExist();
  }

  /** Each would break the other in one virtual machine, and the runs above have both. */
  @Test
  void sparkHasOtherVersionsOfLibrariesThanTheProgram() throws IOException {
    List<String> sparks;
    try (Stream<Path> jars =
        Files.list(Terminal.HOME.root().resolve("leaderboards/spark/target/jars"))) {
      sparks = jars.map(jar -> jar.getFileName().toString()).toList();
    }
    for (String name : List.of("jackson-databind-", "protobuf-java-", "zstd-jni-")) {
      assertThat(sparks).filteredOn(jar -> jar.startsWith(name)).hasSize(1);
      String theirs = sparks.stream().filter(jar -> jar.startsWith(name)).findFirst().orElseThrow();
      assertThat(System.getProperty("java.class.path")).contains("/" + name).doesNotContain(theirs);
    }
    assertThat(System.getProperty("java.class.path")).doesNotContain("spark-core");
  }

  @SlowTest
  void itIsAlsoWhereAnExecutorIsKilled() throws Exception {
    Path run = folder.resolve("executor");
    CompletableFuture<Outcome> running = started(run);
    awaitUnit(run);

    assertThat(executors().findFirst().orElseThrow().destroyForcibly()).isTrue();

    Outcome outcome = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertIsTheWhole(run);
  }

  @SlowTest
  void itIsAlsoWhereTheProgramOnAnExecutorIsKilled() throws Exception {
    Path run = folder.resolve("worker");
    CompletableFuture<Outcome> running = started(run);
    awaitUnit(run);

    assertThat(awaitProgram().destroyForcibly()).isTrue();

    Outcome outcome = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertIsTheWhole(run);
  }

  @SlowTest
  void itIsAlsoWhereTheDriverIsKilledAndTheRunGoesOn() throws Exception {
    Path run = folder.resolve("driver");
    String[] words = onSpark(run, 3).stream().map(String::valueOf).toArray(String[]::new);
    Process driver = ChildProcess.start(folder.resolve("driver.txt"), List.of(), words);
    awaitUnit(run);
    List<ProcessHandle> all = driver.descendants().toList();

    driver.destroyForcibly();
    driver.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);

    for (ProcessHandle process : all) {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    Outcome outcome = Terminal.type((Object[]) words);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertIsTheWhole(run);
  }

  @SlowTest
  void itIsAlsoWhereAnExecutorIsTenTimesSlower() throws Exception {
    Path run = folder.resolve("slow");
    CompletableFuture<Outcome> running = started(run);
    ProcessHandle slow = awaitProgram();

    while (!running.isDone()) {
      signal("-STOP", slow);
      Thread.sleep(450);
      signal("-CONT", slow);
      Thread.sleep(50);
    }

    Outcome outcome = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertIsTheWhole(run);
  }

  @SlowTest
  void otherFilesThanTheDriversAreOneLine() throws Exception {
    Path run = folder.resolve("changed");
    Path data = TinyModel.data(folder);
    Path book = data.resolve("pg19/beginnings.jsonl");
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--out", run));
    words.addAll(List.of("--tasks", "pg19", "--lengths", 64, "--data", data));
    words.addAll(List.of("--spark", "local-cluster[1,1,512]"));
    CompletableFuture<Outcome> running =
        CompletableFuture.supplyAsync(() -> Terminal.type(words.toArray()));
    while (!Files.exists(run.resolve("manifest.json"))) {
      Thread.sleep(1);
    }
    Files.writeString(book, Files.readString(book).replace("river", "sea"));

    Outcome outcome = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err().lines().reduce((a, b) -> b).orElseThrow())
        .startsWith("ssa: --spark: the run: is another one here: data.pg19 is ");
  }

  private static CompletableFuture<Outcome> started(Path run) {
    return CompletableFuture.supplyAsync(() -> Terminal.type(onSpark(run, 3).toArray()));
  }

  private static void awaitUnit(Path run) throws Exception {
    Path units = run.resolve("progress.units");
    for (long i = 0; i < TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS); i++) {
      if (Files.exists(units)) {
        return;
      }
      Thread.sleep(1);
    }
    throw new AssertionError("no unit comes");
  }

  private static Stream<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(each -> each.info().commandLine().filter(w -> w.contains(EXECUTOR)).isPresent());
  }

  /** Its class path is too long for the system to tell the program on an executor by its name. */
  private static ProcessHandle awaitProgram() throws Exception {
    for (long i = 0; i < TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS); i++) {
      Optional<ProcessHandle> program = executors().flatMap(ProcessHandle::children).findFirst();
      if (program.isPresent()) {
        return program.get();
      }
      Thread.sleep(1);
    }
    throw new AssertionError("the program is on no executor");
  }

  private static void signal(String name, ProcessHandle to) throws Exception {
    new ProcessBuilder("kill", name, Long.toString(to.pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
