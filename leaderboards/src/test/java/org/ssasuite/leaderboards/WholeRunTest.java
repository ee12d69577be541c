package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.onnx.CudaProvider;

/** A whole evaluation of a tiny model on tiny data, through the command line. */
class WholeRunTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path run;
  private static Outcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    model = TinyModel.write(folder);
    data = TinyModel.data(folder);
    run = folder.resolve("run");
    outcome = evaluate(run, "--threads", "2");
  }

  private static Outcome evaluate(Path out, String... more) {
    List<Object> words =
        List.of(
            "run",
            "--model",
            model,
            "--data",
            data,
            "--tasks",
            "pg19,wikitext2-head",
            "--lengths",
            "64",
            "--out",
            out);
    return Terminal.type(Stream.concat(words.stream(), Stream.of(more)).toArray());
  }

  @Test
  void endsWithStatusZero() {
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  @Test
  void hasARowPerModeAndTask() {
    assertThat(RunFolder.readResults(run).results())
        .extracting(result -> result.model().mode() + " " + result.task().name())
        .containsExactly(
            "full pg19", "full wikitext2-head", "sparse:8x2 pg19", "sparse:8x2 wikitext2-head");
  }

  @Test
  void manifestHasTheCardsOfTheResults() {
    RunResult result = RunFolder.readResults(run);

    assertThat(result.manifest().models())
        .isEqualTo(result.results().stream().map(TaskResult::model).distinct().toList());
  }

  @Test
  void manifestHasCommitAndLibraries() {
    RunResult result = RunFolder.readResults(run);

    assertThat(result.manifest().commit()).contains("0123456789ab+dirty");
    assertThat(result.manifest().libraries())
        .containsOnlyKeys("onnxruntime", "operators", "program");
  }

  @Test
  void everySampleHasALine() throws IOException {
    assertThat(run.resolve("tiny/sparse-8x2/pg19/samples.jsonl")).exists();
    assertThat(Files.readAllLines(run.resolve("tiny/full/pg19/samples.jsonl"))).hasSize(3);
  }

  @Test
  void printsTheTableThatItWrites() throws IOException {
    String table = outcome.out().substring(0, outcome.out().indexOf("\n\n"));

    assertThat(Files.readString(run.resolve("leaderboard.md"))).contains(table);
    assertThat(table.lines()).hasSize(2 + 4);
  }

  @Test
  void theSameCommandShowsAFinishedRun() {
    Outcome again = evaluate(run, "--threads", "2");

    assertThat(again.status()).isZero();
    assertThat(again.out()).isEqualTo(outcome.out());
    assertThat(again.err()).isEqualTo(run + " holds this run, finished; --fresh starts over\n");
  }

  @Test
  void otherOptionsForTheSameFolderAreRefusedWithTheDifference() {
    Outcome other = evaluate(run, "--threads", "2", "--limit", "2");

    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err())
        .isEqualTo(
            "ssa: "
                + run
                + ": holds another run: spec.tasks[0].limit is not stated there, 2 here,"
                + " spec.tasks[1].limit is not stated there, 2 here; --fresh starts over\n");
  }

  @Test
  void freshStartsOver() {
    Path other = folder.resolve("fresh");
    evaluate(other);
    Outcome fresh = evaluate(other, "--limit", "2", "--fresh");

    assertThat(fresh.status()).isZero();
    assertThat(RunFolder.readResults(other).results()).allMatch(result -> result.samples() == 2);
  }

  @Test
  void samplesDoNotDependOnThreadsAndBatch() throws IOException {
    Path other = folder.resolve("other");
    assertThat(evaluate(other, "--threads", "1", "--batch", "3").status()).isZero();

    for (String row : List.of("full", "sparse-8x2")) {
      Path samples = Path.of("tiny", row, "pg19", "samples.jsonl");
      assertThat(other.resolve(samples)).hasSameBinaryContentAs(run.resolve(samples));
    }
  }

  @Test
  void samplesDoNotDependOnChunks() throws IOException {
    Path other = folder.resolve("chunks");
    assertThat(evaluate(other, "--chunk", "7", "--no-sharing", "--modes", "sparse").status())
        .isZero();

    Path samples = Path.of("tiny/sparse-8x2/pg19/samples.jsonl");
    assertThat(other.resolve(samples)).hasSameBinaryContentAs(run.resolve(samples));
  }

  @Test
  void shorterChunksTakeMoreRuns() throws IOException {
    Path other = folder.resolve("more-runs");
    assertThat(evaluate(other, "--chunk", "7", "--modes", "full").status()).isZero();

    assertThat(runs(other)).isGreaterThan(runs(run)).isGreaterThanOrEqualTo(9);
  }

  private static long runs(Path folder) {
    return RunFolder.readResults(folder).results().get(0).work().orElseThrow().runs();
  }

  @Test
  void limitTakesTheFirstSamples() throws IOException {
    Path limited = folder.resolve("limited");
    assertThat(evaluate(limited, "--limit", "2", "--modes", "full").status()).isZero();

    Path samples = Path.of("tiny", "full", "pg19", "samples.jsonl");
    assertThat(Files.readAllLines(limited.resolve(samples)))
        .isEqualTo(Files.readAllLines(run.resolve(samples)).subList(0, 2));
  }

  @Test
  void jsonIsTheResultsFile() throws IOException {
    Path other = folder.resolve("json");

    Outcome printed = evaluate(other, "--json", "--modes", "full", "--limit", "1");

    assertThat(printed.out()).isEqualTo(Files.readString(other.resolve("results.json")));
  }

  @Test
  void reportOverTwoRunsHasTheRowsOfBoth() throws IOException {
    Path second = folder.resolve("second");
    assertThat(evaluate(second, "--rope", "llama3:4").status()).isZero();
    Path out = folder.resolve("report");

    Outcome report = Terminal.type("report", run, second, "--out", out);

    assertThat(report.status()).isZero();
    assertThat(Files.readAllLines(out.resolve("leaderboard.csv"))).hasSize(1 + 8);
  }

  @Test
  void unscoredSampleGivesStatusFour() throws IOException {
    Path poor = folder.resolve("poor");
    Files.createDirectories(poor.resolve("pg19"));
    // One token can have no rating: there is nothing before it.
    Files.writeString(
        poor.resolve("pg19/beginnings.jsonl"),
        "{\"id\": 1, \"text\": \"a\"}\n{\"id\": 2, \"text\": \"a house by the river\"}\n");

    Outcome incomplete =
        Terminal.type(
            "run",
            "--model",
            model,
            "--data",
            poor,
            "--tasks",
            "pg19",
            "--modes",
            "full",
            "--out",
            folder.resolve("incomplete"));

    assertThat(incomplete.status()).isEqualTo(4);
    assertThat(incomplete.out()).contains("1 ‡");
  }

  @Test
  void logProbsOfIdsHaveALinePerTokenButTheFirst() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids.txt"), "5\n17 4095\t0\n");

    Outcome lines = Terminal.type("logprobs", "--model", model, "--mode", "sparse", "--ids", ids);

    assertThat(lines.status()).as(lines.err()).isZero();
    List<JsonNode> objects = objects(lines.out());
    assertThat(objects).extracting(line -> line.get("position").asInt()).containsExactly(1, 2, 3);
    assertThat(objects).extracting(line -> line.get("id").asInt()).containsExactly(17, 4095, 0);
    assertThat(objects).allMatch(line -> line.get("logprob").asDouble() < 0);
  }

  @Test
  void logProbsDoNotDependOnChunks() throws IOException {
    Path ids =
        Files.writeString(folder.resolve("many.txt"), "5 17 4095 0 8 9 10 11 12 13 14 15 16");
    List<Object> words = List.of("logprobs", "--model", model, "--mode", "sparse", "--ids", ids);

    Outcome whole = Terminal.type(words.toArray());
    Outcome cut = Terminal.type(Stream.concat(words.stream(), Stream.of("--chunk", 3)).toArray());

    assertThat(cut.out()).isEqualTo(whole.out()).isNotEmpty();
  }

  @Test
  void logProbsOfOneIdAreEmpty() throws IOException {
    Path ids = Files.writeString(folder.resolve("one.txt"), "5");

    Outcome lines = Terminal.type("logprobs", "--model", model, "--mode", "full", "--ids", ids);

    assertThat(lines.status()).as(lines.err()).isZero();
    assertThat(lines.out()).isEmpty();
  }

  @Test
  void logProbsGoToTheFile() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "The house stood by the river.");
    Path out = folder.resolve("lines.jsonl");

    Outcome file =
        Terminal.type("logprobs", "--model", model, "--mode", "full", "--text", text, "--out", out);
    Outcome printed = Terminal.type("logprobs", "--model", model, "--mode", "full", "--text", text);

    assertThat(file.out()).isEmpty();
    assertThat(Files.readString(out)).isEqualTo(printed.out()).isNotEmpty();
  }

  @Test
  void doctorFindsAllWell() {
    // A build for the GPU on a machine without one is not well, and is told so.
    assumeThat(CudaProvider.find() instanceof CudaProvider.Absent absent && absent.built())
        .as("a build for the GPU lacks what it needs")
        .isFalse();
    Outcome doctor = Terminal.type("doctor");

    assertThat(doctor.status()).as(doctor.out()).isZero();
    assertThat(doctor.out()).contains("self-check", " cuda ").doesNotContain("MISSING");
  }

  private static List<JsonNode> objects(String lines) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> objects = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      objects.add(mapper.readTree(line));
    }
    return objects;
  }
}
