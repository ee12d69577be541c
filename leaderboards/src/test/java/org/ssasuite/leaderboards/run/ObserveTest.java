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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;

/** {@code ssa run --observe} and {@code --suite attention}. */
class ObserveTest {
  private static final List<String> LOGS =
      List.of("ssa-mini/full/pg19/", "ssa-mini/sparse-16x16/pg19/");

  @TempDir static Path folder;
  private static Path seen;

  @BeforeAll
  static void evaluate() {
    seen = folder.resolve("seen");
    Outcome outcome = suite(seen, "--batch", 1, "--threads", 1, "--chunk", 100);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Where attention goes", "captured_16x16", "Value of A");
  }

  private static Outcome suite(Path out, Object... more) {
    return run(out, List.of("--suite", "attention"), more);
  }

  private static Outcome run(Path out, List<Object> what, Object... more) {
    List<Object> words = new ArrayList<>(List.of("run", "--model", "ssa-mini"));
    words.addAll(what);
    words.addAll(List.of("--lengths", 300, "--limit", 3, "--out", out));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  @Test
  void scoresAreThoseOfARunThatNobodyWatches() {
    Path plain = folder.resolve("plain");
    Outcome outcome = run(plain, List.of("--tasks", "pg19"));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    for (String log : LOGS) {
      assertThat(seen.resolve(log + "samples.jsonl"))
          .hasSameBinaryContentAs(plain.resolve(log + "samples.jsonl"));
    }
    assertThat(plain.resolve("attention.csv")).doesNotExist();
  }

  @Test
  void batchThreadsAndChunksChangeNoBit() {
    Path other = folder.resolve("other");
    Outcome outcome = suite(other, "--batch", 32, "--threads", 2);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    for (String log : LOGS) {
      assertThat(other.resolve(log + "statistics.jsonl"))
          .hasSameBinaryContentAs(seen.resolve(log + "statistics.jsonl"));
    }
    assertThat(other.resolve("attention.csv"))
        .hasSameBinaryContentAs(seen.resolve("attention.csv"));
  }

  @Test
  void verifyCountsThemAgain() {
    Outcome outcome = Terminal.type("verify", seen);

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(outcome.out()).doesNotContain("not checked");
  }

  @Test
  void theTableOfAllFiguresHasALinePerLayerAndHead() throws IOException {
    List<String> lines = Files.readAllLines(seen.resolve("attention.csv"));
    Set<String> heads = new TreeSet<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",", -1);
      assertThat(fields).hasSize(11);
      heads.add(fields[3] + "." + fields[4]);
    }

    assertThat(lines.get(0))
        .isEqualTo("model,mode,document,layer,head,bucket,statistic,value,queries,sample,task");
    assertThat(heads).hasSize(6 * 16);
  }

  @Test
  void aReportOfRunsHasTheTableOfAllFiguresAndSaysOfWhichRunALineIs() throws IOException {
    Path out = folder.resolve("report");
    Path sections = folder.resolve("sections");
    Outcome outcome = Terminal.type("report", seen, "--out", out, "--sections", sections);
    List<String> own = Files.readAllLines(seen.resolve("attention.csv"));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    List<String> lines = Files.readAllLines(out.resolve("attention.csv"));
    assertThat(lines.get(0)).isEqualTo(own.get(0) + ",run");
    assertThat(lines.subList(1, lines.size()))
        .containsExactlyElementsOf(
            own.subList(1, own.size()).stream().map(line -> line + ",1").toList());
    assertThat(sections.resolve("attention.csv"))
        .hasSameBinaryContentAs(out.resolve("attention.csv"));
    assertThat(sections).isDirectoryContaining("glob:**/attention-{means,differences,heads}.csv");
  }

  @Test
  void aReportHasAGridOfAllHeads() throws IOException {
    Path sections = folder.resolve("grids");
    Outcome outcome = Terminal.type("report", seen, "--out", sections, "--sections", sections);
    JsonNode report = new ObjectMapper().readTree(sections.resolve("report.json").toFile());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    JsonNode captured =
        report.at("/sections").findParents("grids").stream()
            .flatMap(section -> stream(section.get("grids")))
            .filter(grid -> grid.get("key").asText().equals("attention-heads-captured-16x16-6x16"))
            .findFirst()
            .orElseThrow();
    assertThat(captured.at("/panels/0/name").asText()).isEqualTo("ssa-mini full pg19");
    assertThat(captured.at("/panels/0/values")).hasSize(6);
    assertThat(captured.at("/panels/0/values/5")).hasSize(16);
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  @Test
  void modesOfOneRunAreComparedDocumentByDocument() throws IOException {
    Outcome outcome =
        Terminal.type(
            "compare",
            seen,
            seen,
            "--a",
            "ssa-mini,full",
            "--b",
            "ssa-mini,sparse:16x16",
            "--json");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    JsonNode attention = new ObjectMapper().readTree(outcome.out()).at("/rows/0/attention");
    JsonNode results = new ObjectMapper().readTree(seen.resolve("results.json").toFile());

    assertThat(attention).isNotEmpty();
    for (JsonNode each : attention) {
      double b = value(results.at("/results/1/attention/rows"), each);
      double a = value(results.at("/results/0/attention/rows"), each);
      assertThat(each.get("difference").doubleValue()).isCloseTo(b - a, within(1e-12));
      assertThat(each.get("interval_method").asText()).isEqualTo("student_t");
      assertThat(each.get("documents").intValue()).isEqualTo(3);
    }
  }

  /** Of a row's statistic, as results.json has it. */
  private static double value(JsonNode rows, JsonNode of) {
    return stream(rows)
        .filter(row -> row.get("statistic").equals(of.get("statistic")))
        .filter(row -> row.get("positions").asText("").equals(of.path("positions").asText("")))
        .findFirst()
        .orElseThrow()
        .get("value")
        .doubleValue();
  }

  @Test
  void aComparisonForPeopleHasTheirTableToo() {
    Outcome outcome =
        Terminal.type(
            "compare", seen, seen, "--a", "ssa-mini,full", "--b", "ssa-mini,sparse:16x16");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Where attention goes:")
        .contains("| entropy_bits ")
        .contains("†: fewer than 20 documents; a Student t interval")
        .doesNotContain("captured_16x16");
  }

  @Test
  void aSparseModeHasNothingToCapture() throws IOException {
    JsonNode results = new ObjectMapper().readTree(seen.resolve("results.json").toFile());
    List<String> full = statistics(results.required("results").get(0));
    List<String> sparse = statistics(results.required("results").get(1));

    assertThat(full).contains("captured_16x16", "captured_best_16x16", "sink_rate_0.3");
    assertThat(sparse).contains("entropy_bits").noneMatch(name -> name.startsWith("captured"));
  }

  private static List<String> statistics(JsonNode row) {
    List<String> names = new ArrayList<>();
    row.required("attention")
        .required("rows")
        .forEach(each -> names.add(each.required("statistic").asText()));
    return names;
  }

  @Test
  void whatCannotBeSaidIsBadInput() {
    refused("goes with --suite attention", "--tasks", "pg19", "--on", "piqa");
    refused("goes with --observe", "--tasks", "pg19", "--budgets", "16x16");
    refused("goes with --observe", "--tasks", "pg19", "--observe-prompt");
    refused("--observe entropy: is none of sinks", "--tasks", "pg19", "--observe", "entropy");
    refused(
        "goes with --observe capture", "--tasks", "pg19", "--observe", "sinks", "--budgets", "8x8");
    refused("budget '12x4'", "--tasks", "pg19", "--observe", "capture", "--budgets", "12x4");
  }

  private static void refused(String fact, Object... words) {
    Outcome outcome = run(folder.resolve("refused"), List.of(words));

    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(fact);
    assertThat(outcome.err().lines()).hasSize(1);
  }
}
