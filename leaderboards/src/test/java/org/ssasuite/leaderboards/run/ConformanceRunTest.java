package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.metrics.PackedFigures;
import org.ssasuite.core.statistics.Ratios;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** {@code ssa run --suite conformance} on a small random model. */
class ConformanceRunTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int BOOKS = 24;
  private static final String LOG = "tiny/sparse-8x2/conformance/samples.jsonl";

  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static Path done;

  @BeforeAll
  static void evaluate() throws IOException {
    model = TinyModel.write(folder);
    data = folder.resolve("data");
    Files.createDirectories(data.resolve("pg19"));
    String books =
        IntStream.range(0, BOOKS)
            .mapToObj(
                i ->
                    "{\"id\": %d, \"text\": \"%s\"}"
                        .formatted(i, ("The river " + i + " runs by a house. ").repeat(8 + i % 5)))
            .collect(Collectors.joining("\n"));
    Files.writeString(data.resolve("pg19/beginnings.jsonl"), books + "\n");
    done = folder.resolve("done");
    assertThat(run(done).status()).isZero();
  }

  private static Outcome run(Path out, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("run", "--model", model, "--suite", "conformance"));
    words.addAll(List.of("--data", data, "--lengths", 64, "--out", out));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  private static JsonNode metric(Path run, String name) throws IOException {
    JsonNode results = MAPPER.readTree(run.resolve("results.json").toFile());
    return StreamSupport.stream(results.at("/results/0/metrics").spliterator(), false)
        .filter(m -> m.get("metric").asText().equals(name) && m.get("facet").isNull())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theReferenceIsNotHeldAgainstItselfUnasked() throws IOException {
    JsonNode results = MAPPER.readTree(done.resolve("results.json").toFile());

    assertThat(results.get("results")).hasSize(1);
    assertThat(results.at("/results/0/model/mode").asText()).isEqualTo("sparse:8x2");
  }

  @Test
  void aModeAndItselfAreTheSameModel() throws IOException {
    Path out = folder.resolve("itself");
    Outcome outcome =
        run(
            out,
            "--modes",
            "sparse:8x2",
            "--reference",
            "sparse:8x2",
            "--max-kl",
            0,
            "--min-same-top",
            1,
            "--max-loss",
            0);

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(outcome.out()).contains("By these margins it is the same model.");
    assertThat(metric(out, "kl").get("value").doubleValue()).isZero();
    assertThat(metric(out, "same_top").get("value").doubleValue()).isEqualTo(1);
  }

  @Test
  void aBudgetOfAllBlocksIsFullAttention() throws IOException {
    Path out = folder.resolve("whole");
    Outcome outcome = run(out, "--modes", "sparse:8x8", "--max-kl", "1e-5");

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(metric(out, "kl").get("value").doubleValue()).isBetween(-1e-9, 1e-5);
  }

  @ParameterizedTest
  @CsvSource({
    "--max-kl, 1e9, 0, it is the same model",
    "--max-kl, 0, 1, it is not the same model",
    "--max-loss, -5, 1, it is not the same model",
    "--max-loss, 1e9, 0, it is the same model",
  })
  void marginsAreHeldAgainstBounds(String margin, String value, int status, String sentence) {
    Outcome outcome = run(done, margin, value);

    assertThat(outcome.status()).as(outcome.out()).isEqualTo(status);
    assertThat(outcome.out()).contains(sentence);
  }

  @Test
  void aMarginAtTheMeanCannotBeTold() throws IOException {
    Outcome outcome = run(done, "--max-kl", metric(done, "kl").get("value"));

    assertThat(outcome.status()).as(outcome.out()).isEqualTo(3);
    assertThat(outcome.out()).contains("asked: cannot tell", "more documents would");
  }

  @Test
  void oneDocumentCannotTellAnything() {
    Outcome outcome = run(folder.resolve("one"), "--limit", 1, "--max-kl", 1e9);

    assertThat(outcome.status()).as(outcome.out()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "--reference, nsa, model tiny",
    "--reference, nothing, model tiny",
    "--max-kl, -1, is no number of nats",
    "--observe, sinks, suite conformance observes nothing",
  })
  void whatIsAskedWronglyIsRefusedInOneLine(String option, String value, String fact) {
    Outcome outcome = run(folder.resolve("refused"), option, value);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(fact);
  }

  @Test
  void marginsGoWithNoOtherSuite() {
    Outcome outcome = Terminal.type("run", "--tasks", "pg19", "--max-kl", 1);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--max-kl, --min-same-top, --max-loss: go with --suite");
  }

  @Test
  void figuresAreThoseOfDivergence() throws IOException {
    JsonNode first = MAPPER.readTree(Files.readAllLines(done.resolve(LOG)).get(0));
    float[] kl = PackedFigures.unpacked(first.at("/score/extracted").asText());
    String text =
        MAPPER
            .readTree(Files.readAllLines(data.resolve("pg19/beginnings.jsonl")).get(0))
            .get("text")
            .asText();
    Path file = Files.writeString(folder.resolve("book.txt"), text);
    Path out = folder.resolve("book.jsonl");
    Terminal.type(
        "divergence", "--model", model, "--modes", "full,sparse:8x2", "--text", file, "--out", out);

    assertThat(kl).hasSize(63);
    List<String> lines = Files.readAllLines(out);
    for (int i = 0; i < kl.length; i++) {
      assertThat((double) kl[i])
          .isCloseTo(MAPPER.readTree(lines.get(i)).get("kl").doubleValue(), within(1e-6));
    }
  }

  @Test
  void percentilesAreOverAllPositionsOfAllDocuments() throws IOException {
    List<Float> all = new ArrayList<>();
    for (String line : Files.readAllLines(done.resolve(LOG))) {
      for (float kl :
          PackedFigures.unpacked(MAPPER.readTree(line).at("/score/extracted").asText())) {
        all.add(kl);
      }
    }
    double[] sorted = all.stream().mapToDouble(Float::doubleValue).sorted().toArray();
    Path sections = folder.resolve("sections");
    Outcome outcome = Terminal.type("report", done, "--out", sections, "--sections", sections);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    List<String> csv = Files.readAllLines(sections.resolve("conformance.csv"));
    List<String> names = Arrays.asList(csv.get(0).split(","));
    List<String> row = Arrays.asList(csv.get(1).split(","));
    assertThat(Double.parseDouble(row.get(names.indexOf("kl_p99"))))
        .isCloseTo(Ratios.quantile(sorted, 0.99), within(1e-12));
    assertThat(Double.parseDouble(row.get(names.indexOf("kl_largest"))))
        .isCloseTo(sorted[sorted.length - 1], within(1e-12));
    assertThat(sections.resolve("conformance-figures.csv")).exists();
  }

  @Test
  void verifyCountsThemAgain() {
    Outcome outcome = Terminal.type("verify", done);

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(outcome.out()).doesNotContain("not checked");
  }

  @Test
  void figuresThatDoNotComeToTheMeasureAreRefused() throws IOException {
    Path other = folder.resolve("edited");
    assertThat(run(other).status()).isZero();
    Path log = other.resolve(LOG);
    String text = Files.readString(log);
    int at = text.indexOf("\"extracted\":\"") + 13;
    Files.writeString(
        log, text.substring(0, at) + "AADAPw==" + text.substring(text.indexOf('"', at)));

    Outcome outcome = Terminal.type("report", other, "--out", folder.resolve("r"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).containsAnyOf("samples.jsonl", "do not come to");
  }

  @Test
  void batchThreadsAndChunksChangeNoByte() {
    Path other = folder.resolve("other");
    assertThat(run(other, "--batch", 1, "--threads", 1, "--chunk", 13).status()).isZero();

    assertThat(other.resolve(LOG)).hasSameBinaryContentAs(done.resolve(LOG));
  }

  @Test
  void withoutModelsThoseThatHaveTheReferenceRun() throws IOException {
    Outcome outcome =
        Terminal.type(
            "run",
            "--suite",
            "conformance",
            "--data",
            data,
            "--lengths",
            16,
            "--limit",
            1,
            "--out",
            folder.resolve("embedded"));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("nsa-mini", "left out");
    assertThat(outcome.out().toLowerCase(Locale.ROOT)).contains("fullattn-mini", "ssa-mini");
  }
}
