package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal.Outcome;

/** LongBench on a tiny model and tiny data, through the command line. */
class LongBenchRunTest {
  @TempDir static Path folder;
  private static Path run;
  private static Outcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    Path model = TinyModel.write(folder);
    Path sets = folder.resolve("data/longbench");
    Files.createDirectories(sets);
    Files.writeString(sets.resolve("qasper.jsonl"), record(5) + record(900));
    Files.writeString(sets.resolve("samsum.jsonl"), record(5));
    run = folder.resolve("run");
    outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--data",
            folder.resolve("data"),
            "--suite",
            "longbench",
            "--modes",
            "full",
            "--lengths",
            "401",
            "--out",
            run);
  }

  private static String record(int sentences) {
    return """
        {"input": "Where was the house?", "context": "%s", "answers": ["by the river"], \
        "all_classes": null, "length": %d}
        """
        .formatted("The house stood by the river. ".repeat(sentences), 6 * sentences);
  }

  private static TaskResult result(String task) {
    return RunFolder.readResults(run).results().stream()
        .filter(result -> result.task().name().equals(task))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSuiteHasTheDataSetsThatAreThere() {
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(RunFolder.readResults(run).results())
        .extracting(result -> result.task().toString())
        .containsExactly("longbench/qasper@1", "longbench/samsum@1");
  }

  @Test
  void theLimitIsInTheProtocolAndWhatIsCutIsCounted() {
    TaskResult qasper = result("qasper");

    assertThat(qasper.protocol())
        .isEqualTo("longbench-2e00731f/middle-401/greedy/no-chat-template");
    assertThat(qasper.truncated()).isEqualTo(1);
    assertThat(qasper.cutTokens()).isPositive();
  }

  @Test
  void theReportIsDataToo() throws IOException {
    Path data = folder.resolve("sections");

    Outcome report =
        Terminal.type("report", run, "--out", folder.resolve("report"), "--sections", data);

    assertThat(report.status()).as(report.err()).isZero();
    assertThat(data.toFile().list())
        .containsExactlyInAnyOrder(
            "report.json",
            "results.csv",
            "longbench.csv",
            "longbench-cuts.csv",
            "suite-averages.csv");
    assertThat(Files.readString(data.resolve("longbench-cuts.csv")))
        .startsWith("model,mode,suite,samples,cut_samples,tokens_read,tokens_cut,from,")
        .contains("\"the middle, limit 401\",401");
  }

  @Test
  void theReportHasAveragesAndTheAudit() {
    assertThat(outcome.out())
        .contains("LongBench, averages over data sets:")
        .containsPattern(
            "Model +\\| Mode +\\| Suite +\\| Data sets \\| Average \\| single document qa")
        .containsPattern("\\| tiny +\\| full +\\| longbench +\\| +2 \\| ")
        .containsPattern(
            "\\| tiny +\\| full +\\| longbench +\\| +3 \\| +1 \\|.*the middle, limit 401");
  }

  @Test
  void samplesKeepWhatWasWritten() throws IOException {
    assertThat(Files.readString(run.resolve("tiny/full/qasper/samples.jsonl")))
        .contains("\"extracted\":");
  }

  @Test
  void aSuiteWithoutDataIsBadInput() {
    Outcome extended = Terminal.type("run", "--suite", "longbench-e", "--model", "ssa-mini");

    assertThat(extended.status()).isEqualTo(2);
    assertThat(extended.err()).contains("holds no file of suite longbench-e").hasLineCount(1);
  }

  @Test
  void ourOwnItemsAreListedAndLongBenchsAreNot() {
    assertThat(Terminal.type("list", "tasks").out())
        .containsPattern("pd_passage_retrieval +longbench-pd +1 +12 +retrieval +own-items-1/")
        .doesNotContain("qasper");
  }
}
