package org.ssasuite.leaderboards;

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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.Terminal.Outcome;

/** {@code ssa run --suite extrapolation} on a small random model, trained on 256 tokens. */
class ExtrapolationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BOOKS = 4;
  private static final int CHARACTERS = 6_000;

  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path plain;
  private static Path scaled;

  @BeforeAll
  static void evaluate() throws IOException {
    model = TinyModel.write(folder);
    data = books();
    plain = folder.resolve("plain");
    scaled = folder.resolve("scaled");
    Outcome first = run(plain, "--observe", "sinks,capture");
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("The same tokens of the same books behind longer contexts than in training:")
        .contains("| tiny  | full       | default | ")
        .contains("B − A on the same stretches")
        .contains("The beginnings of the same books in one pass");
    Outcome second = run(scaled, "--rope", "llama3:4");
    assertThat(second.status()).as(second.err()).isZero();
  }

  /** Beginnings of embedded books. */
  private static Path books() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("pg19"));
    List<String> lines = new ArrayList<>();
    DataFile.in(Terminal.HOME.data().resolve("pg19"), "long.jsonl")
        .forEachJsonLine(
            book ->
                lines.add(
                    JSON.createObjectNode()
                        .put("id", book.text("id"))
                        .put("text", book.text("text").substring(0, CHARACTERS))
                        .toString()));
    Files.write(data.resolve("pg19/long.jsonl"), lines.subList(0, BOOKS));
    return data;
  }

  private static Outcome run(Path out, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "run", "--suite", "extrapolation", "--model", model, "--data", data, "--out", out));
    words.addAll(List.of("--modes", "full,sparse:8x2", "--lengths", "1k"));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static JsonNode results(Path run) throws IOException {
    return JSON.readTree(run.resolve("results.json").toFile()).get("results");
  }

  private static double metric(JsonNode row, String metric, String length) {
    return stream(row.get("metrics"))
        .filter(each -> each.get("metric").asText().equals(metric))
        .filter(each -> each.at("/facet/value").asText("").equals(length))
        .findFirst()
        .orElseThrow()
        .get("value")
        .doubleValue();
  }

  @Test
  void scoreIsTheMeanOfTheChangesAndThoseAreOfTheLosses() throws IOException {
    JsonNode row = results(plain).get(0);
    double at512 = metric(row, "token_nats", "512") - metric(row, "token_nats", "256");
    double at1k = metric(row, "token_nats", "1024") - metric(row, "token_nats", "256");

    assertThat(metric(row, "delta_nats", "512")).isCloseTo(at512, within(1e-12));
    assertThat(metric(row, "extrapolation_score", "")).isCloseTo((at512 + at1k) / 2, within(1e-12));
    assertThat(row.get("samples").intValue()).isEqualTo(2 * BOOKS);
  }

  @Test
  void verifyCountsEveryRowAgain() {
    Outcome outcome = Terminal.type("verify", plain);

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(outcome.out()).doesNotContain("not checked");
  }

  @Test
  void batchThreadsAndChunksChangeNoBit() {
    Path other = folder.resolve("other");
    Outcome outcome = run(other, "--batch", 1, "--threads", 1, "--chunk", 100, "--no-sharing");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    for (String log : List.of("tiny/full/extrapolation", "tiny/sparse-8x2/extrapolation-pass")) {
      assertThat(other.resolve(log).resolve("samples.jsonl"))
          .hasSameBinaryContentAs(plain.resolve(log).resolve("samples.jsonl"));
    }
  }

  @Test
  void observingChangesNoScore() throws IOException {
    Path watched = scaledAgain();

    assertThat(watched.resolve("tiny/full/extrapolation/samples.jsonl"))
        .hasSameBinaryContentAs(scaled.resolve("tiny/full/extrapolation/samples.jsonl"));
  }

  private static Path scaledAgain() {
    Path watched = folder.resolve("watched");
    Outcome outcome = run(watched, "--rope", "llama3:4", "--observe", "sinks", "--modes", "full");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return watched;
  }

  @Test
  void finishedRunIsShownAgain() {
    Outcome outcome = run(scaled, "--rope", "llama3:4");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.err()).contains("holds this run, finished");
  }

  @Test
  void modesAndRopeScalingsArePairedInAReport() throws IOException {
    Path out = folder.resolve("report");
    Outcome outcome = Terminal.type("report", plain, scaled, "--out", out, "--sections", out);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    JsonNode report = JSON.readTree(out.resolve("report.json").toFile());
    JsonNode pairs = section(report, "extrapolation-differences");

    assertThat(stream(pairs.get("rows")).map(ExtrapolationTest::pair).distinct())
        .containsExactlyInAnyOrder(
            "full default full llama3:4",
            "sparse:8x2 default sparse:8x2 llama3:4",
            "full default sparse:8x2 default",
            "full llama3:4 sparse:8x2 llama3:4");
    assertThat(out)
        .isDirectoryContaining("glob:**/extrapolation{,-lengths,-differences,-pass}.csv");
    assertThat(section(report, "extrapolation-lengths").at("/curves/0/curves")).hasSize(4);
  }

  private static String pair(JsonNode row) {
    return String.join(
        " ",
        Stream.of("mode_a", "rope_a", "mode_b", "rope_b")
            .map(key -> row.at("/cells/" + key + "/text").asText())
            .toList());
  }

  private static JsonNode section(JsonNode report, String key) {
    return stream(report.get("sections"))
        .filter(section -> section.get("key").asText().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void differenceOfARowIsThatOfTheResults() throws IOException {
    Path out = folder.resolve("one");
    assertThat(Terminal.type("report", plain, "--out", out, "--sections", out).status()).isZero();
    JsonNode pairs =
        section(JSON.readTree(out.resolve("report.json").toFile()), "extrapolation-differences");
    JsonNode score =
        stream(pairs.get("rows"))
            .map(row -> row.get("cells"))
            .filter(cells -> cells.at("/metric/text").asText().equals("extrapolation_score"))
            .findFirst()
            .orElseThrow();

    assertThat(score.at("/difference/value").doubleValue())
        .isCloseTo(
            metric(results(plain).get(2), "extrapolation_score", "")
                - metric(results(plain).get(0), "extrapolation_score", ""),
            within(1e-12));
    assertThat(score.at("/difference/interval_method").asText()).isEqualTo("student_t");
    assertThat(score.at("/documents/value").intValue()).isEqualTo(BOOKS);
  }

  @Test
  void compareTellsTheScoresOfTwoRopeScalingsApart() throws IOException {
    Outcome outcome = Terminal.type("compare", plain, scaled, "--json");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    JsonNode row = JSON.readTree(outcome.out()).at("/rows/0");
    assertThat(row.get("metric").asText()).isEqualTo("extrapolation_score");
    assertThat(row.get("documents").intValue()).isEqualTo(BOOKS);
  }

  @Test
  void whatCannotBeSaidIsBadInput() {
    refused("--lengths 256: is not beyond 256 tokens", "--lengths", "256");
    refused("--stretches 0: must be from 1", "--stretches", "0");
    refused("--safe-margin much: is no number", "--safe-margin", "much");
    refused("needs books of 33280 tokens or more", "--lengths", "32k");
  }

  private static void refused(String fact, Object... words) {
    List<Object> all =
        new ArrayList<>(List.of("run", "--suite", "extrapolation", "--model", model));
    all.addAll(List.of("--data", data, "--out", folder.resolve("refused")));
    all.addAll(List.of(words));
    Outcome outcome = Terminal.type(all.toArray());

    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(fact);
    assertThat(outcome.err().lines()).hasSize(1);
  }
}
