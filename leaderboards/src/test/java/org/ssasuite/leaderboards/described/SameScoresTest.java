package org.ssasuite.leaderboards.described;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** Descriptors of built-in tasks, on the same data and model, to the last digit. */
class SameScoresTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path builtIn;
  private static Path described;

  @BeforeAll
  static void runBoth() throws IOException {
    model = TinyModel.write(folder);
    data = DescribedData.write(folder);
    builtIn = folder.resolve("built-in");
    described = folder.resolve("described");
    run(builtIn, "--tasks", "pg19", "--lengths", 64);
    run(builtIn.resolve("arc"), "--tasks", "arc_easy", "--shots", 2, "--seeds", 12);
    run(builtIn.resolve("qasper"), "--tasks", "qasper", "--lengths", 96);
    run(described, "--tasks", files("my-books", "my-arc", "my-qasper"));
  }

  private static String files(String... names) {
    return String.join(
        ",", Stream.of(names).map(name -> data.resolve(name + ".json").toString()).toList());
  }

  private static void run(Path out, Object... more) {
    List<Object> words = List.of("run", "--model", model, "--data", data, "--out", out);
    Outcome outcome = Terminal.type(Stream.concat(words.stream(), Stream.of(more)).toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  /** In both modes. */
  private static List<TaskResult> results(Path run, String task) {
    List<TaskResult> results =
        RunFolder.readResults(run).results().stream()
            .filter(result -> result.task().base().equals(task))
            .toList();
    assertThat(results).hasSize(2);
    return results;
  }

  private static List<List<MetricResult>> metrics(Path run, String task) {
    return results(run, task).stream().map(TaskResult::metrics).toList();
  }

  @Test
  void aRateTaskHasAllFiguresOfPg19() {
    assertThat(metrics(described, "my-books")).isEqualTo(metrics(builtIn, "pg19"));
  }

  @Test
  void aChooseTaskHasAllFiguresOfArcEasy() {
    assertThat(metrics(described, "my-arc")).isEqualTo(metrics(builtIn.resolve("arc"), "arc_easy"));
  }

  @Test
  void aGenerateTaskHasTheScoreOfQasper() {
    List<TaskResult> own = results(described, "my-qasper");
    List<TaskResult> others = results(builtIn.resolve("qasper"), "qasper");
    for (int i = 0; i < own.size(); i++) {
      MetricResult score = own.get(i).metrics().get(0);
      MetricResult other = others.get(i).metrics().get(0);
      assertThat(score.value()).isEqualTo(other.value());
      assertThat(score.interval()).isEqualTo(other.interval());
      assertThat(own.get(i).cutTokens()).isPositive().isEqualTo(others.get(i).cutTokens());
    }
  }

  @Test
  void theDataHaveTheDigestsOfTheBuiltInTasks() {
    assertThat(results(described, "my-arc").get(0).dataDigest())
        .isEqualTo(results(builtIn.resolve("arc"), "arc_easy").get(0).dataDigest());
    assertThat(RunFolder.readResults(described).manifest().data().get("my-books"))
        .isEqualTo(RunFolder.readResults(builtIn).manifest().data().get("pg19"));
  }

  @Test
  void seedsShotsAndLimitsMeanWhatTheyMeanElsewhere() {
    Path own = folder.resolve("own-seeds");
    Path other = folder.resolve("other-seeds");
    run(own, "--tasks", files("my-arc"), "--shots", 1, "--seeds", "1,12", "--limit", 4);
    run(other, "--tasks", "arc_easy", "--shots", 1, "--seeds", "1,12", "--limit", 4);

    assertThat(RunFolder.readResults(own).results())
        .extracting(result -> result.task().name())
        .contains("my-arc@1-shot@seed-1", "my-arc@1-shot");
    assertThat(RunFolder.readResults(own).results().stream().map(TaskResult::metrics).toList())
        .isEqualTo(
            RunFolder.readResults(other).results().stream().map(TaskResult::metrics).toList());
  }

  @Test
  void lengthsMeanWhatTheyMeanElsewhere() {
    Path own = folder.resolve("own-lengths");
    run(own, "--tasks", files("my-books", "my-arc"), "--lengths", "32,64");

    assertThat(RunFolder.readResults(own).results())
        .extracting(result -> result.task().name())
        .containsOnly("my-books@32", "my-books@64", "my-arc");
  }
}
