package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.run.ModeCost;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** {@code ssa run --suite budget}. */
class BudgetTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path run;

  @BeforeAll
  static void evaluate() throws IOException {
    model = TinyModel.write(folder);
    data = TinyModel.data(folder);
    run = folder.resolve("run");
    Outcome outcome = suite("--budgets", "8x2,8x1000,full", "--on", "pg19", "--lengths", "100");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Change from full", "Sparse − control", "Selection, ms", "Pareto front");
  }

  private static Outcome suite(String... more) {
    return Terminal.type(
        Stream.concat(
                Stream.of("run", "--model", model, "--data", data, "--suite", "budget"),
                Stream.concat(Stream.of(more), Stream.of("--out", run)))
            .toArray());
  }

  private static JsonNode section(String key) throws IOException {
    Path out = folder.resolve("report");
    assertThat(Terminal.type("report", run, "--out", out, "--sections", out).status()).isZero();
    JsonNode report = new ObjectMapper().readTree(Files.readString(out.resolve("report.json")));
    return StreamSupport.stream(report.path("sections").spliterator(), false)
        .filter(section -> section.path("key").asText().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyModeIsAskedTheSame() throws IOException {
    List<TaskResult> results = RunFolder.readResults(run).results();

    assertThat(results)
        .extracting(result -> result.model().mode())
        .startsWith("full", "sparse:8x2", "window:8x2", "random:8x2", "best:8x2")
        .hasSize(9);
    assertThat(results).extracting(TaskResult::samples).containsOnly(3);
  }

  @Test
  void budgetOfAllBlocksIsFullAttention() {
    List<TaskResult> results = RunFolder.readResults(run).results();
    double full = nats(results, "full");

    for (String rule : List.of("sparse", "window", "random", "best")) {
      assertThat(nats(results, rule + ":8x1000")).isCloseTo(full, within(1e-5));
    }
  }

  private static double nats(List<TaskResult> results, String mode) {
    return results.stream()
        .filter(result -> result.model().mode().equals(mode))
        .flatMap(result -> result.metrics().stream())
        .filter(m -> m.metric().equals("token_nats") && m.facet().isEmpty())
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void everyModeIsTimed() {
    assertThat(RunFolder.readResults(run).costs())
        .extracting(ModeCost::mode)
        .hasSize(9)
        .startsWith("full", "sparse:8x2");
  }

  @Test
  void differencesAreThoseOfTheValues() throws IOException {
    List<TaskResult> results = RunFolder.readResults(run).results();
    JsonNode rows = section("budget").path("rows");

    assertThat(rows).hasSize(9);
    for (JsonNode row : rows) {
      JsonNode cells = row.path("cells");
      String mode = cells.path("mode").path("text").textValue();
      double wanted = nats(results, mode) - nats(results, "full");
      assertThat(mode.equals("full") ? 0 : cells.path("difference").path("value").doubleValue())
          .isCloseTo(wanted, within(1e-12));
    }
  }

  @Test
  void selectionIsHeldAgainstEachControl() throws IOException {
    List<TaskResult> results = RunFolder.readResults(run).results();
    JsonNode rows = section("budget-controls").path("rows");

    assertThat(rows).hasSize(6);
    for (JsonNode row : rows) {
      JsonNode cells = row.path("cells");
      String budget = cells.path("budget").path("text").textValue();
      String control = cells.path("control").path("text").textValue() + ":" + budget;
      assertThat(cells.path("difference").path("value").doubleValue())
          .isCloseTo(nats(results, "sparse:" + budget) - nats(results, control), within(1e-12));
    }
  }

  @Test
  void cardOfDrawnBlocksNamesTheGenerator() {
    assertThat(RunFolder.readResults(run).manifest().models())
        .allSatisfy(
            card ->
                assertThat(card.facts().containsKey("random_blocks"))
                    .isEqualTo(card.mode().startsWith("random")));
  }

  @Test
  void runHoldsAgainstItsFiles() {
    assertThat(Terminal.type("verify", run).status()).isZero();
  }

  @Test
  void runThatAsksForNoBudgetHasNoCosts() throws IOException {
    Path plain = folder.resolve("plain");
    Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--data",
            data,
            "--tasks",
            "pg19",
            "--lengths",
            "64",
            "--out",
            plain);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).doesNotContain("Less full");
    assertThat(Files.readString(plain.resolve("results.json"))).doesNotContain("\"costs\"");
  }

  static Stream<List<String>> refused() {
    return Stream.of(
        List.of("--modes", "full", "makes its own modes"),
        List.of("--preset", "standard", "goes without --preset standard"),
        List.of("--budgets", "full", "has no block budget"),
        List.of("--budgets", "8x2,8x2", "twice"),
        List.of("--budgets", "7x2", "block size must be"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeTriedIsOneLine(List<String> words) {
    Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--suite",
            "budget",
            words.get(0),
            words.get(1),
            "--out",
            folder.resolve("none"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains(words.get(2));
    assertThat(outcome.err().lines().count()).isEqualTo(1);
  }

  @Test
  void withoutAModelItIsOneLine() {
    Outcome outcome = Terminal.type("run", "--suite", "budget", "--out", folder.resolve("none"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("needs --model");
  }

  @Test
  void modelWithoutFullAttentionIsNamed() {
    Outcome outcome =
        Terminal.type(
            "run", "--model", "nsa-mini", "--suite", "budget", "--out", folder.resolve("none"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("nsa-mini", "has no full mode");
  }
}
