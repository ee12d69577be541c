package org.ssasuite.leaderboards.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.TinyModel;

/** A bench of a tiny model, whole, with the processes that it starts. */
class BenchTest {
  private static final int LENGTH = 200;
  private static final int NEW_TOKENS = 4;

  @TempDir static Path folder;
  private static Path model;
  private static JsonNode bench;

  @BeforeAll
  static void measure() throws IOException {
    model = TinyModel.write(folder);
    Path out = folder.resolve("bench.json");
    Terminal.Outcome outcome =
        Terminal.type(
            "bench",
            "--model",
            model,
            "--modes",
            "full,sparse:8x4",
            "--lengths",
            LENGTH,
            "--batch",
            "1,3",
            "--new-tokens",
            NEW_TOKENS,
            "--repeats",
            2,
            "--threads",
            1,
            "--chunk",
            64,
            "--json",
            "--out",
            out);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    bench = new ObjectMapper().readTree(Files.readString(out));
  }

  private static JsonNode row(int number) {
    return bench.get("rows").get(number);
  }

  @Test
  void everyModeLengthAndBatchHasARow() {
    List<String> rows =
        bench
            .get("rows")
            .valueStream()
            .map(row -> row.get("mode").asText() + " " + row.get("batch").asInt())
            .toList();

    assertThat(rows).containsExactly("full 1", "sparse:8x4 1", "full 3", "sparse:8x4 3");
  }

  @Test
  void saysHowItWasMeasured() {
    assertThat(bench.get("schema").asText()).isEqualTo("ssasuite/bench/1");
    assertThat(bench.get("threads").asInt()).isEqualTo(1);
    assertThat(bench.get("chunk").asInt()).isEqualTo(64);
    assertThat(bench.get("commit").asText()).isEqualTo("0123456789ab+dirty");
  }

  @Test
  void ratesAreThoseOfTheMedians() {
    JsonNode three = row(3);
    double first = three.get("first_token_millis").get("median").asDouble();
    double step = three.get("step_millis").get("median").asDouble();

    assertThat(three.get("prefill_tokens_per_second").asDouble())
        .isCloseTo(3 * LENGTH / first * 1e3, within(1e-6));
    assertThat(three.get("decode_tokens_per_second").asDouble())
        .isCloseTo(3 / step * 1e3, within(1e-6));
    assertThat(three.get("step_millis").get("readings").asInt()).isEqualTo(2 * (NEW_TOKENS - 1));
  }

  /** 25 blocks of 8; from block 4 on, a token, KV head and layer has a choice; two KV heads. */
  @Test
  void everySelectionIsCounted() {
    long counted =
        row(1).get("selections_proved").asLong() + row(1).get("selections_exact").asLong();

    assertThat(counted).isEqualTo((LENGTH - 4 * 8) * 2);
    assertThat(row(0).get("selections_proved").asLong()).isZero();
  }

  /** Two pages of 128 tokens, two KV heads of 32, keys and values in fp32 and sums of 8 in fp64. */
  @Test
  void cacheIsThatOfItsPages() {
    assertThat(row(0).get("cache_bytes").asLong())
        .isEqualTo(2 * 2 * (128 * 32 * 2 * 4 + 16 * 32 * 8));
  }

  @Test
  void attentionIsAmongTheOperators() {
    assertThat(row(0).get("prefill_operator_millis").get("Attention").asDouble()).isPositive();
  }

  @Test
  void ourOperatorsStandBesideTheMachinesOwnRate() {
    JsonNode yardsticks = bench.get("yardsticks");
    double machine = yardsticks.get("matmul_gflop_per_second").asDouble();
    JsonNode kernel = yardsticks.get("kernels").get(0);

    assertThat(machine).isPositive();
    assertThat(yardsticks.get("copy_gigabytes_per_second").asDouble()).isPositive();
    assertThat(kernel.get("of_matmul").asDouble())
        .isCloseTo(kernel.get("gflop_per_second").asDouble() / machine, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--repeats 0|--repeats: must be at least 1, not 0",
        "--new-tokens 1|--new-tokens: must be at least 2, not 1",
        "--batch 0|--batch: must be at least 1, not 0",
        "--lengths x|length 'x'",
        "--lengths 900k --batch 64|more than 16777216",
        "--modes nsa|is no NSA model",
        "--out .|is a folder",
      })
  void badOptionsAreRefusedBeforeAnythingRuns(String options, String fact) {
    Object[] words = ("bench --model " + model + " " + options).split(" ");

    Terminal.Outcome outcome = Terminal.type(words);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains(fact).doesNotContain("\tat ");
    assertThat(outcome.err().strip().lines()).hasSize(1);
  }
}
