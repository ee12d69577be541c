package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** The presets of the SSA paper, on small models and the first samples. */
class PaperPresetsTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path table1;

  @BeforeAll
  static void evaluate() throws IOException {
    model = TinyModel.write(folder);
    table1 =
        run(
            "ssa-table1",
            "--model",
            model + "," + model,
            "--name",
            "first_one,second",
            "--limit",
            4);
  }

  private static Path run(String preset, Object... more) {
    Path out = folder.resolve(preset);
    List<Object> words = new ArrayList<>(List.of("run", "--preset", preset, "--out", out));
    words.addAll(List.of(more));
    Outcome outcome = Terminal.type(words.toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return out;
  }

  private static RunSpec spec(Path run) {
    return RunFolder.readManifest(run).spec();
  }

  private static List<TaskResult> results(Path run, String base, String model, String mode) {
    return RunFolder.readResults(run).results().stream()
        .filter(one -> one.task().base().equals(base))
        .filter(one -> one.model().name().equals(model) && one.model().mode().equals(mode))
        .toList();
  }

  @Test
  void table1IsFourTasksWithEachSeedAndWikiTextInThreeFields() {
    assertThat(spec(table1).modes())
        .containsExactly("full", "released:16x16", "released:32x32", "nsa:16x16", "nsa:32x32");
    assertThat(RunFolder.readResults(table1).results()).hasSize(2 * 3 * 21);
    assertThat(results(table1, "piqa", "second", "released:16x16"))
        .extracting(TaskResult::protocol)
        .containsExactly(
            "lm-eval-0.4.9/3-shot/seed-1/no-bos",
            "lm-eval-0.4.9/3-shot/seed-12/no-bos",
            "lm-eval-0.4.9/3-shot/seed-123/no-bos",
            "lm-eval-0.4.9/3-shot/seed-1234/no-bos",
            "lm-eval-0.4.9/3-shot/seed-12345/no-bos");
  }

  @Test
  void meanAndSampleDeviationOverSeedsAreThoseOfTheRows() throws IOException {
    Path out = folder.resolve("report");
    assertThat(Terminal.type("report", table1, "--out", out, "--sections", out).status()).isZero();
    JsonNode report = new ObjectMapper().readTree(Files.readString(out.resolve("report.json")));
    List<String> lines = Files.readAllLines(out.resolve("seeds.csv"));
    double[] values =
        results(table1, "arc_easy", "first_one", "full").stream()
            .mapToDouble(one -> one.metrics().get(0).value())
            .toArray();
    double mean = Stream.of(0, 1, 2, 3, 4).mapToDouble(i -> values[i]).sum() / 5;
    double squares = Stream.of(0, 1, 2, 3, 4).mapToDouble(i -> Math.pow(values[i] - mean, 2)).sum();

    assertThat(report.toString()).contains("\"key\":\"seeds\"");
    String line =
        lines.stream()
            .filter(row -> row.startsWith("first_one,full,arc_easy,"))
            .findFirst()
            .orElseThrow();
    List<String> heads = List.of(lines.get(0).split(",", -1));
    String[] cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
    assertThat(Double.parseDouble(cells[heads.indexOf("value")])).isCloseTo(mean, within(1e-9));
    assertThat(Double.parseDouble(cells[heads.indexOf("deviation")]))
        .isCloseTo(Math.sqrt(squares / 4), within(1e-9));
    assertThat(lines).anyMatch(row -> row.startsWith("first_one,full,average of 4,"));
  }

  @Test
  void table1IsSetInThePapersForm() throws IOException {
    String table = Files.readString(table1.resolve("table1.tex"));
    List<String> rows = table.lines().filter(line -> line.endsWith("\\\\")).toList();

    assertThat(rows)
        .hasSize(1 + 3 * 2)
        .allMatch(row -> row.chars().filter(c -> c == '&').count() == 7);
    assertThat(rows.get(0))
        .isEqualTo(
            "Mode & Method & PIQA & HellaSwag & ARC-E & ARC-C & Avg $\\uparrow$ & PPL"
                + " $\\downarrow$ \\\\");
    assertThat(rows.get(1)).startsWith("Full & first\\_one & $").contains("_{\\pm ");
    assertThat(rows.get(3)).startsWith("$16\\times16$ (256) & first\\_one");
    assertThat(rows.get(5)).startsWith("$32\\times32$ (1024) & first\\_one");
    assertThat(table.lines().filter(line -> !line.startsWith("%")))
        .allMatch(PaperPresetsTest::isBalanced);
    assertThat(table.lines().filter(line -> !line.startsWith("%")))
        .first()
        .isEqualTo("\\begin{tabular}{llcccccc}");
    assertThat(table)
        .endsWith("\\bottomrule\n\\end{tabular}\n")
        .contains("hellaswag-valshots: lm-eval-0.4.9/10-shot/seed-*");
  }

  private static boolean isBalanced(String line) {
    int depth = 0;
    int dollars = 0;
    for (int i = 0; i < line.length(); i++) {
      boolean escaped = i > 0 && line.charAt(i - 1) == '\\';
      if (!escaped) {
        depth += line.charAt(i) == '{' ? 1 : line.charAt(i) == '}' ? -1 : 0;
        dollars += line.charAt(i) == '$' ? 1 : 0;
      }
      if (depth < 0) {
        return false;
      }
    }
    return depth == 0 && dollars % 2 == 0;
  }

  @Test
  void equalModelsAreTiesAndNeverBold() throws IOException {
    assertThat(Files.readString(table1.resolve("table1.tex")))
        .contains("\\underline{")
        .doesNotContain("\\mathbf{");
  }

  @Test
  void anNsaModelRunsInItsOwnModesAlone() {
    Path run = run("ssa-pg19", "--model", "nsa-mini", "--lengths", "16k", "--limit", 1);

    assertThat(RunFolder.readResults(run).results())
        .extracting(one -> one.model().mode())
        .containsExactly("nsa:16x16");
    assertThat(spec(run).rope()).contains("llama3:4");
  }

  @Test
  void extrapolationReadsTheSameTokensBehindLongerContexts() {
    Path run = run("ssa-extrapolation", "--model", model, "--lengths", 1024, "--limit", 1);

    assertThat(RunFolder.readResults(run).results())
        .extracting(one -> one.task().base() + " " + one.model().mode())
        .containsExactly(
            "extrapolation full",
            "extrapolation-pass full",
            "extrapolation released:16x16",
            "extrapolation-pass released:16x16");
  }

  @Test
  void sparsityObservesFullAttentionUnasked() {
    Path run = run("ssa-sparsity", "--model", model, "--lengths", "256,512", "--limit", 1);

    assertThat(spec(run).observe().orElseThrow().budgets()).containsExactly("16x16");
    assertThat(RunFolder.readResults(run).results())
        .allMatch(one -> one.attention().isPresent() && one.model().mode().equals("full"))
        .extracting(one -> one.task().name())
        .containsExactly("pg19-long@256", "pg19-long@512");
  }

  @Test
  void needlesAreLmEvalsAmongEssays() throws IOException {
    Path essays = folder.resolve("essays.txt");
    Files.writeString(essays, "The house stood by the river. Nobody had lived in it. ".repeat(400));
    Path run =
        run(
            "ssa-niah",
            "--model",
            model,
            "--lengths",
            512,
            "--limit",
            1,
            "--haystack",
            essays,
            "--cache",
            folder.resolve("cache"));

    assertThat(RunFolder.readResults(run).results())
        .hasSize(3)
        .allMatch(one -> one.protocol().startsWith("RULER lmeval-0.4.9, 512 tokens"));
    assertThat(Preset.SSA_NIAH.tasks())
        .extracting(order -> order.task() + " " + order.length().orElseThrow())
        .containsExactly(
            "niah_single_2 4096",
            "niah_single_2 8192",
            "niah_single_2 16384",
            "niah_single_2 32768");
  }

  @Test
  void longBenchIsSixteenSetsInTheFormOfThePapersScripts() throws IOException {
    Path data = folder.resolve("longbench-data");
    Files.createDirectories(data.resolve("longbench"));
    for (String set : Preset.LONGBENCH_OF_PAPER) {
      Files.writeString(
          data.resolve("longbench/" + set + ".jsonl"),
          "{\"input\": \"Which?\", \"context\": \"A river.\", \"answers\": [\"Paragraph 1\"], \"length\": 2,"
              + " \"dataset\": \""
              + set
              + "\", \"language\": \"en\", \"all_classes\": [\"Paragraph 1\"], \"_id\": \"a\"}\n");
    }
    Path run =
        run("ssa-longbench16", "--model", model, "--data", data, "--lengths", 800, "--limit", 1);

    assertThat(RunFolder.readResults(run).results())
        .hasSize(16 * 3)
        .allMatch(one -> one.protocol().contains("left-800/line-feeds/greedy"));
  }
}
