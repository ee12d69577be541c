package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.random.RandomCheckpoint;

/**
 * Random checkpoints of every family give what transformers' own classes gave in fp32, from the
 * {@code config.json} that they wrote.
 */
class ArchitectureLogProbsTest {
  private static final RuntimeOptions CPU = RuntimeOptions.cpu(2);

  @TempDir Path folder;

  static List<GoldenLogProbsTest.Vector> vectors() {
    return Golden.vectors("architectures.jsonl.xz").stream()
        .map(GoldenLogProbsTest.Vector::new)
        .toList();
  }

  /** Those that the CUDA graph computes, of heads that its kernels have. */
  static List<GoldenLogProbsTest.Vector> vectorsForCuda() {
    return vectors().stream()
        .filter(vector -> List.of(32, 64, 128).contains(headDim(vector.json().required("config"))))
        .filter(vector -> !vector.json().required("cpu_only").booleanValue())
        .toList();
  }

  private static int headDim(JsonNode config) {
    return config.has("head_dim")
        ? config.get("head_dim").intValue()
        : config.get("hidden_size").intValue() / config.get("num_attention_heads").intValue();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agreesWithTransformers(GoldenLogProbsTest.Vector vector) {
    GoldenLogProbsTest.requireAgreement(vector, folder, CPU);
  }

  @GpuParameterizedTest
  @MethodSource("vectorsForCuda")
  void agreesWithTransformersOnCuda(GoldenLogProbsTest.Vector vector) {
    GoldenLogProbsTest.requireAgreement(
        vector, folder, new RuntimeOptions(2, Device.CUDA, Precision.FP32, Isa.AUTO));
  }

  private SsaModel windowed(int window) {
    ObjectNode config = TinyCheckpoint.config().put("model_type", "mistral");
    config.put("sliding_window", window);
    RandomCheckpoint.write(config, 7, folder.resolve("model"));
    return SsaModel.load(Checkpoint.open(folder.resolve("model")), CPU, Optional.empty());
  }

  @Test
  void aTextAsLongAsTheWindowIsRead() {
    try (SsaModel model = windowed(40)) {
      assertThat(model.logProbabilities(new int[41], new Full()).logProbability()).hasSize(40);
    }
  }

  @Test
  void aTextThatIsLongerThanTheWindowIsRefused() {
    try (SsaModel model = windowed(40)) {
      assertThatThrownBy(() -> model.logProbabilities(new int[42], new Full()))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "model model: a text of 41 tokens is longer than 40, the 'sliding_window' of "
                  + "config.json: beyond it a window is not computed");
    }
  }

  @Test
  void aTextThatCouldGrowBeyondTheWindowIsNotBegun() {
    try (SsaModel model = windowed(40)) {
      assertThat(model.generate(new int[30], new Full(), 11, List.of()).ids()).isNotEmpty();
      assertThatThrownBy(() -> model.generate(new int[30], new Full(), 12, List.of()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(": a text of 41 tokens is longer than 40, ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "dynamic | 64 | 'max_position_embeddings': beyond it dynamic rope scaling depends on the whole text, which is not computed",
        "longrope | 32 | 'original_max_position_embeddings': beyond it longrope turns the whole text by its long factors, which is not computed",
      })
  void aTextThatChangesItsOwnWavesIsRefused(String type, int most, String reason) {
    ObjectNode config = TinyCheckpoint.config().put("max_position_embeddings", 64);
    ObjectNode rope = config.putObject("rope_scaling").put("rope_type", type);
    if (type.equals("dynamic")) {
      rope.put("factor", 4.0);
    } else {
      rope.put("original_max_position_embeddings", 32);
      for (String factors : List.of("short_factor", "long_factor")) {
        ArrayNode values = rope.putArray(factors);
        IntStream.range(0, 16).forEach(i -> values.add(1.5 + i));
      }
    }
    RandomCheckpoint.write(config, 7, folder.resolve("model"));
    Checkpoint checkpoint = Checkpoint.open(folder.resolve("model"));
    try (SsaModel model = SsaModel.load(checkpoint, CPU, Optional.empty())) {
      assertThat(model.logProbabilities(new int[most + 1], new Full()).logProbability())
          .hasSize(most);
      assertThatThrownBy(() -> model.logProbabilities(new int[most + 2], new Full()))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "model model: a text of %d tokens is longer than %d, %s", most + 1, most, reason);
    }
    Optional<RopeScaling> unscaled = Optional.of(new RopeScaling.Default());
    try (SsaModel model = SsaModel.load(checkpoint, CPU, unscaled)) {
      assertThat(model.logProbabilities(new int[100], new Full()).logProbability()).hasSize(99);
    }
  }

  @Test
  void aTableBeyondTheLimitIsNotExported() {
    ObjectNode config = TinyCheckpoint.config().put("model_type", "mistral");
    RandomCheckpoint.write(config.put("sliding_window", 40), 7, folder.resolve("model"));
    Checkpoint checkpoint = Checkpoint.open(folder.resolve("model"));
    Path out = folder.resolve("out");
    assertThatThrownBy(() -> OnnxExport.write(checkpoint, new RopeScaling.Default(), 41, out))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(": a text of 41 tokens is longer than 40, ");
  }
}
