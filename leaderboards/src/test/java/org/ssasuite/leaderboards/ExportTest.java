package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.random.RandomCheckpoint;

/** The exported files in a session of ONNX Runtime that knows nothing of this project. */
class ExportTest {
  private static final long[] IDS = LongStream.range(0, 300).map(i -> i * i * 7 % 4_096).toArray();

  @TempDir Path folder;

  /** The seed of random blocks is of the first 16 ids, by Python. */
  @ParameterizedTest
  @CsvSource({
    "ssa-mini, full, 0 0 0 0",
    "ssa-mini, sparse:16x4, 1 16 4 0",
    "ssa-mini, window:16x4, 4 16 4 0",
    "ssa-mini, random:16x4, 5 16 4 0 -5416621923715180539",
    "ssa-mini, best:16x4, 6 16 4 0",
    "nsa-mini, nsa:16x16, 3 16 16 128"
  })
  void scoresAsTheSuiteDoes(String model, String mode, String code)
      throws IOException, OrtException {
    requireScores(model, mode, code);
  }

  /** Graphs that other families' models have in other places than Llamas. */
  @ParameterizedTest
  @CsvSource({
    "qwen2, full, 0 0 0 0",
    "qwen3, sparse:16x4, 1 16 4 0",
    "smollm3, full, 0 0 0 0",
    "granite, full, 0 0 0 0",
    "phi3, sparse:16x4, 1 16 4 0",
  })
  void scoresModelsOfOtherFamilies(String family, String mode, String code)
      throws IOException, OrtException {
    ObjectNode config = new ObjectMapper().createObjectNode().put("model_type", family);
    config.put("vocab_size", 4_096).put("hidden_size", 32).put("num_hidden_layers", 2);
    config.put("num_attention_heads", 2).put("num_key_value_heads", 1).put("head_dim", 32);
    config.put("intermediate_size", 48).put("max_position_embeddings", 512);
    config.put("initializer_range", 0.2);
    switch (family) {
      case "smollm3" -> config.put("no_rope_layer_interval", 2);
      case "granite" -> config.put("embedding_multiplier", 12).put("logits_scaling", 8);
      case "phi3" -> config.put("partial_rotary_factor", 0.75);
      default -> {}
    }
    Path model = folder.resolve(family);
    RandomCheckpoint.write(config, 3, model);
    requireScores(model.toString(), mode, code);
  }

  private void requireScores(String model, String mode, String code)
      throws IOException, OrtException {
    Path out = folder.resolve("out");
    assertThat(Terminal.type("export", "--model", model, "--out", out).status()).isZero();

    float[] computed = logProbs(out, Stream.of(code.split(" ")).mapToLong(Long::parseLong));

    List<Double> wanted = suiteLogProbs(model, mode);
    assertThat(computed).hasSize(wanted.size());
    for (int i = 0; i < computed.length; i++) {
      assertThat((double) computed[i]).isCloseTo(wanted.get(i), within(1e-5));
    }
  }

  private static float[] logProbs(Path out, LongStream mode) throws IOException, OrtException {
    int rated = IDS.length - 1;
    Map<String, long[]> values = new LinkedHashMap<>();
    values.put("tokens", IDS);
    values.put("positions", LongStream.range(0, IDS.length).toArray());
    values.put("sequence_starts", new long[] {0, IDS.length});
    values.put("mode", mode.toArray());
    values.put("rows", LongStream.range(0, rated).toArray());
    values.put("targets", LongStream.of(IDS).skip(1).toArray());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.registerCustomOpLibrary(library(out).toString());
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      for (Map.Entry<String, long[]> value : values.entrySet()) {
        inputs.put(value.getKey(), OnnxTensor.createTensor(environment, value.getValue()));
      }
      try (OrtSession session =
              environment.createSession(out.resolve("model.onnx").toString(), options);
          OrtSession.Result result = session.run(inputs)) {
        return (float[]) result.get("logprob").orElseThrow().getValue();
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
    }
  }

  private static Path library(Path out) throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.filter(f -> f.toString().contains("ssa_operators")).findFirst().orElseThrow();
    }
  }

  private List<Double> suiteLogProbs(String model, String mode) throws IOException {
    String text = LongStream.of(IDS).mapToObj(Long::toString).collect(Collectors.joining(" "));
    Path ids = Files.writeString(folder.resolve("ids.txt"), text);
    Outcome rated = Terminal.type("logprobs", "--model", model, "--mode", mode, "--ids", ids);
    ObjectMapper mapper = new ObjectMapper();
    List<Double> values = new ArrayList<>();
    for (String line : rated.out().lines().toList()) {
      values.add(mapper.readTree(line).get("logprob").doubleValue());
    }
    return values;
  }

  @Test
  void leavesAFolderWithSomethingInItAlone() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");

    Outcome outcome = Terminal.type("export", "--model", "ssa-mini", "--out", folder);

    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.err()).contains(folder + ": the folder is not empty");
    assertThat(folder).isDirectoryContaining(path -> path.equals(mine));
    assertThat(folder.toFile().list()).containsExactly("mine.txt");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Integer.MAX_VALUE})
  void refusesTablesThatCannotBe(int positions) {
    Path out = folder.resolve("out");

    Outcome outcome =
        Terminal.type("export", "--model", "ssa-mini", "--positions", positions, "--out", out);

    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.err()).contains("--positions: must be from 1 to 8388608, not " + positions);
    assertThat(out).doesNotExist();
  }
}
