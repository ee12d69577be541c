package org.ssasuite.leaderboards.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.random.RandomCheckpoint;

/** {@code ssa divergence} on an embedded model. */
class DivergenceTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private Path ids;
  private Path out;

  @BeforeEach
  void writeIds() throws IOException {
    ids = folder.resolve("ids.txt");
    out = folder.resolve("out.jsonl");
    Files.writeString(
        ids,
        IntStream.range(0, 1_200)
            .mapToObj(i -> Integer.toString((i * 7_919) % 4_001))
            .collect(Collectors.joining(" ")));
  }

  private Outcome type(String modes, Object... more) {
    Object[] words = {
      "divergence", "--model", "ssa-mini", "--modes", modes, "--ids", ids, "--out", out
    };
    Object[] all = new Object[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Terminal.type(all);
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }

  @Test
  void aModeAndItselfAreTheSameAtEveryPosition() throws IOException {
    Outcome outcome = type("sparse:16x4", "--max-kl", 0, "--min-same-top", 1, "--max-loss", 0);

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
    assertThat(lines()).hasSize(1_199);
    assertThat(lines())
        .allSatisfy(
            line -> {
              assertThat(line.get("kl").doubleValue()).isZero();
              assertThat(line.get("kl_reverse").doubleValue()).isZero();
              assertThat(line.get("same_top").booleanValue()).isTrue();
              assertThat(line.get("logprob_a")).isEqualTo(line.get("logprob_b"));
            });
  }

  @Test
  void theLogProbabilitiesAreThoseOfEachModeAlone() throws IOException {
    type("full,sparse:16x4");
    Path alone = folder.resolve("alone.jsonl");
    Terminal.type(
        "logprobs", "--model", "ssa-mini", "--mode", "sparse:16x4", "--ids", ids, "--out", alone);

    List<JsonNode> lines = lines();
    List<String> rated = Files.readAllLines(alone);
    for (int i = 0; i < rated.size(); i++) {
      assertThat(lines.get(i).get("position").intValue()).isEqualTo(i);
      assertThat(lines.get(i).get("logprob_b").doubleValue())
          .isCloseTo(MAPPER.readTree(rated.get(i)).get("logprob").doubleValue(), within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"--max-kl, 1e-9", "--min-same-top, 0.9999", "--max-loss, -5"})
  void aMarginThatIsNotKeptEndsWithOne(String margin, String value) {
    Outcome outcome = type("full,sparse:16x1", margin, value);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).contains(" asked: no");
  }

  @Test
  void theTableHasTheMeansOfTheLinesAndOfEachBucket() throws IOException {
    Outcome outcome = type("full,sparse:16x4");

    double mean = lines().stream().mapToDouble(l -> l.get("kl").doubleValue()).average().orElse(0);
    assertThat(outcome.out())
        .contains("| 0 – 1198 ", String.format(Locale.ROOT, " %.4g |", mean))
        .contains("| 0 – 1023 ", "| 1024 – 1198 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "full,sparse,full; --chunk; 64; 3 modes: a divergence is one of two",
        "full,nsa; --chunk; 64; model ssa-mini",
        "full; --max-kl; -1; --max-kl -1.0: is no number of nats",
        "full; --min-same-top; 1.5; is no share from 0 to 1",
        "full; --precisions; fp32,bf16; --precisions bf16: needs --device cuda",
        "full; --precisions; fp32; --precisions fp32: must name two: one of A, one of B",
        "full; --devices; cpu,cpu,cpu; --devices cpu,cpu,cpu: must name two",
        "full; --devices; cpu,tpu; --devices tpu: is none of cpu, cuda",
        "full; --against; nowhere; model nowhere",
      })
  void whatIsAskedWronglyIsRefusedInOneLine(String modes, String flag, String value, String fact) {
    Outcome outcome = type(modes, flag, value);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(fact);
    assertThat(out).doesNotExist();
  }

  @Test
  void layersAreALineOfNumbersEachAndATable() throws IOException {
    Outcome outcome = type("full,sparse:16x4", "--hidden");

    assertThat(lines()).allSatisfy(line -> assertThat(line.get("hidden")).hasSize(6));
    double last =
        lines().stream().mapToDouble(l -> l.get("hidden").get(5).doubleValue()).average().orElse(0);
    assertThat(outcome.out())
        .containsPattern("\\| 5 +\\| +" + Pattern.quote(String.format(Locale.ROOT, "%.4g", last)));
  }

  @Test
  void oneDeviceBesideTwoIsRefused() {
    Outcome outcome = type("full", "--device", "cuda", "--devices", "cpu,cpu");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--device cuda: stands beside --devices");
  }

  @Test
  void oneTokenHasNothingToPredict() throws IOException {
    Files.writeString(ids, "17");

    Outcome outcome = type("full,sparse");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("has no second token");
  }

  @Test
  void ropeScalingStartsFromEachModelsOwnTrainedLength() throws IOException {
    // The same weights, said to be trained on other lengths: llama3:4 turns their heads
    // differently.
    Path a = model("a", 512);
    Path b = model("b", 128);
    Files.writeString(
        ids,
        IntStream.range(0, 400)
            .mapToObj(i -> Integer.toString((i * 37) % 128))
            .collect(Collectors.joining(" ")));
    Path alone = folder.resolve("alone.jsonl");
    Terminal.type(
        "divergence",
        "--model",
        a,
        "--against",
        b,
        "--modes",
        "full",
        "--rope",
        "llama3:4",
        "--ids",
        ids,
        "--out",
        out);
    Terminal.type(
        "logprobs",
        "--model",
        b,
        "--mode",
        "full",
        "--rope",
        "llama3:4",
        "--ids",
        ids,
        "--out",
        alone);

    List<JsonNode> lines = lines();
    List<String> rated = Files.readAllLines(alone);
    assertThat(lines).anySatisfy(line -> assertThat(line.get("kl").doubleValue()).isPositive());
    for (int i = 0; i < rated.size(); i++) {
      assertThat(lines.get(i).get("logprob_b").doubleValue())
          .isCloseTo(MAPPER.readTree(rated.get(i)).get("logprob").doubleValue(), within(1e-5));
    }
  }

  private Path model(String name, int trained) throws IOException {
    Path config = folder.resolve(name + ".json");
    Files.writeString(
        config,
        """
        {"model_type": "llama", "vocab_size": 128, "hidden_size": 64, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32,
         "intermediate_size": 96, "max_position_embeddings": %d, "rope_theta": 10000.0,
         "rms_norm_eps": 1e-05, "tie_word_embeddings": true, "hidden_act": "silu",
         "initializer_range": 0.12, "torch_dtype": "bfloat16"}
        """
            .formatted(trained));
    Path model = folder.resolve(name);
    RandomCheckpoint.write(MAPPER.readTree(config.toFile()), 5, model);
    return model;
  }
}
