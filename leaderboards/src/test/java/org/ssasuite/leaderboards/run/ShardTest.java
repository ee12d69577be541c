package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** {@code ssa run --shard} and {@code ssa merge} on a small random model. */
class ShardTest {
  private static final String TOLD =
      "holds shard 1 of 3 of a run, which has no results by itself; 'ssa merge' makes the run of all"
          + " its shards\n";

  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path whole;
  private static List<Path> shards;
  private static Path merged;
  private static Outcome merging;

  @BeforeAll
  static void evaluate() throws IOException {
    model = TinyModel.write(folder);
    data = TinyModel.data(folder);
    List<Object> what = List.of("--tasks", "pg19,wikitext2-head", "--lengths", 64, "--data", data);
    whole = whole("rated", what);
    shards = shards("rated", 3, what);
    merged = folder.resolve("rated-merged");
    merging = merge(shards, merged);
  }

  private static Outcome run(Path out, List<Object> what, Object... more) {
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--out", out));
    words.addAll(List.of("--batch", 2));
    words.addAll(what);
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  private static Path whole(String name, List<Object> what) {
    Path out = folder.resolve(name + "-whole");
    Outcome outcome = run(out, what);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return out;
  }

  private static List<Path> shards(String name, int of, List<Object> what) {
    List<Path> all = new ArrayList<>();
    for (int i = 1; i <= of; i++) {
      Path out = folder.resolve(name + "-" + i);
      Outcome outcome = run(out, what, "--shard", i + "/" + of);
      assertThat(outcome.status()).as(outcome.err()).isZero();
      all.add(out);
    }
    return all;
  }

  private static Outcome merge(List<Path> parts, Path out) {
    List<Object> words = new ArrayList<>(List.of("merge"));
    words.addAll(parts);
    words.addAll(List.of("--out", out));
    Outcome outcome = Terminal.type(words.toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return outcome;
  }

  private static String timeless(Path file) throws IOException {
    return Files.readString(file).replaceAll("\"[a-z_]+_seconds\" : [-+.0-9Ee]+", "");
  }

  private static List<Path> logs(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .filter(file -> file.getNameCount() == run.getNameCount() + 4)
          .map(run::relativize)
          .sorted()
          .toList();
    }
  }

  private static void assertSame(Path run, Path expected) throws IOException {
    assertThat(logs(run)).isNotEmpty().isEqualTo(logs(expected));
    for (Path log : logs(expected)) {
      assertThat(run.resolve(log)).hasSameBinaryContentAs(expected.resolve(log));
    }
    assertThat(timeless(run.resolve("results.json")))
        .isEqualTo(timeless(expected.resolve("results.json")));
    assertThat(timeless(run.resolve("manifest.json")))
        .isEqualTo(timeless(expected.resolve("manifest.json")));
  }

  /** Does the same in one piece and in several. */
  private static void assertDivisible(String name, int of, Object... what) throws IOException {
    Path one = whole(name, List.of(what));
    Path together = folder.resolve(name + "-merged");
    merge(shards(name, of, List.of(what)), together);
    assertSame(together, one);
  }

  @Test
  void ratingsInThreeShardsAreTheRatingsOfOneRun() throws IOException {
    assertSame(merged, whole);
  }

  @Test
  void aMergePrintsTheTableOfTheRun() throws IOException {
    assertThat(merging.out()).contains("| tiny  | full       | pg19 v1           |");
    assertThat(merged.resolve("leaderboard.csv")).exists();
    assertThat(merged.resolve("report.html")).exists();
  }

  @Test
  void aMergedRunIsVerified() {
    Outcome outcome = Terminal.type("verify", merged);

    assertThat(outcome.status()).as(outcome.out()).isZero();
  }

  @Test
  void choicesInTwoShardsAreTheChoicesOfOneRun() throws IOException {
    assertDivisible(
        "choices",
        2,
        "--tasks",
        "arc_easy,winogrande",
        "--shots",
        2,
        "--limit",
        5,
        "--log-prompts");
  }

  @Test
  void generationsWithNeedleTracesAreThoseOfOneRun() throws IOException {
    assertDivisible(
        "needles",
        2,
        "--tasks",
        "niah_single_1",
        "--lengths",
        512,
        "--limit",
        5,
        "--observe",
        "needle");
  }

  @Test
  void attentionStatisticsAreThoseOfOneRun() throws IOException {
    assertDivisible(
        "seen", 3, "--suite", "attention", "--lengths", 64, "--budgets", "8x2", "--data", data);
  }

  @Test
  void comparisonsAreThoseOfOneRun() throws IOException {
    assertDivisible("compared", 2, "--suite", "conformance", "--lengths", 64, "--data", data);
  }

  @SlowTest
  void stretchesAreThoseOfOneRun() throws IOException {
    assertDivisible(
        "stretched",
        2,
        "--suite",
        "extrapolation",
        "--lengths",
        1024,
        "--limit",
        2,
        "--modes",
        "full");
  }

  @Test
  void moreShardsThanUnitsLeaveSomeWithoutWork() throws IOException {
    assertDivisible(
        "few", 4, "--tasks", "pg19", "--lengths", 64, "--modes", "full", "--data", data);
  }

  @Test
  void aFinishedShardSaysWhatToDo() {
    Path first = shards.get(0);
    Outcome again =
        run(
            first,
            List.of("--tasks", "pg19,wikitext2-head", "--lengths", 64, "--data", data),
            "--shard",
            "1/3");

    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out())
        .startsWith(first + " holds shard 1 of 3, finished: ")
        .endsWith(" samples; 'ssa merge' makes the run of all shards\n");
    assertThat(first.resolve("results.json")).doesNotExist();
    assertThat(first.resolve("leaderboard.md")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"report", "verify", "compare", "gate"})
  void whateverJudgesARunNamesAShardAsOne(String command) {
    Path first = shards.get(0);
    List<Object> words = new ArrayList<>(List.of(command, first));
    if (command.equals("compare")) {
      words.add(whole);
    } else if (command.equals("gate")) {
      words.addAll(1, List.of("--write", "--baseline", folder.resolve("b.json"), "--run"));
    }
    Outcome outcome = Terminal.type(words.toArray());

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ssa: " + first + ": " + TOLD);
  }

  @Test
  void aMissingShardIsOneLine() {
    Outcome outcome =
        Terminal.type("merge", shards.get(0), shards.get(2), "--out", folder.resolve("missing"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ssa: shard 2 of 3: is missing\n");
    assertThat(folder.resolve("missing")).doesNotExist();
  }

  @Test
  void aFolderThatIsThereTwiceIsOneLine() {
    Path first = shards.get(0);
    Outcome outcome = Terminal.type("merge", first, first, "--out", folder.resolve("twice"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ssa: " + first + ": is named twice\n");
  }

  @Test
  void aRunOfItsOwnIsOneLine() {
    Outcome outcome = Terminal.type("merge", whole, "--out", folder.resolve("whole"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: " + whole + ": holds a run of its own, no shard of one\n");
  }

  @Test
  void aShardIsNoPlaceForTheRun() {
    Outcome outcome = Terminal.type("merge", shards.get(0), shards.get(1), "--out", shards.get(1));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: --out " + shards.get(1) + ": is the folder of a shard\n");
  }

  @Test
  void mergingAgainShowsTheRun() {
    Outcome again = merge(shards, merged);

    assertThat(again.out()).isEqualTo(merging.out());
    assertThat(again.err()).isEqualTo(merged + " holds this run, finished; --fresh starts over\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "01/2"})
  void whatIsNoShareIsOneLine(String shard) {
    Outcome outcome = run(folder.resolve("none"), List.of("--tasks", "pg19"), "--shard", shard);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: --shard: must be as 1/4, 2/4 to 4/4, not " + shard + "\n");
  }

  @Test
  void suiteBudgetIsNotSharedOut() {
    Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--suite",
            "budget",
            "--on",
            "pg19",
            "--lengths",
            64,
            "--budgets",
            "8x2",
            "--data",
            data,
            "--out",
            folder.resolve("budget"),
            "--shard",
            "1/2");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .endsWith(
            "ssa: --shard: cannot share out suite budget, which times all modes of a model side by"
                + " side\n");
    assertThat(folder.resolve("budget")).doesNotExist();
  }

  @Test
  void aShardHasNoJson() {
    Outcome outcome =
        run(folder.resolve("json"), List.of("--tasks", "pg19"), "--shard", "1/2", "--json");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: --shard: goes without --json: a shard has no results\n");
  }

  @Test
  void anEstimateStandsBeforeTheRun() {
    Outcome outcome =
        run(
            folder.resolve("estimated"),
            List.of("--tasks", "pg19", "--lengths", 64, "--data", data));

    assertThat(outcome.err().lines().toList().get(1))
        .matches(
            "estimate: [0-9,]+ tokens, [0-9.]+ MFLOP, cache up to [0-9.]+ kB; less than a second,"
                + " less than a second on 2 such devices \\(by another device's rates and four"
                + " letters a token: a run this short is not measured for\\)");
  }
}
