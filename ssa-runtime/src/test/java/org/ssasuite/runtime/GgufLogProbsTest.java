package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.checkpoint.TinyGguf;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.gguf.GgufWriter;

/**
 * The random checkpoints whose answers transformers gave, as GGUF files: the rows of queries and
 * keys in llama.cpp's order, sizes and multipliers under its keys.
 */
class GgufLogProbsTest {
  @TempDir Path folder;

  /** All that a GGUF file can say: no windows but Phi 3's, no waves that depend on the text. */
  static List<GoldenLogProbsTest.Vector> vectors() {
    return Golden.vectors("architectures.jsonl.xz").stream()
        .map(GoldenLogProbsTest.Vector::new)
        .filter(GgufLogProbsTest::canBeSaid)
        .toList();
  }

  private static boolean canBeSaid(GoldenLogProbsTest.Vector vector) {
    ModelConfig config = ModelConfig.of(Path.of("config.json"), vector.json().required("config"));
    String family = config.sizes().family().modelType();
    Set<Integer> unturned = config.departures().unturned();
    return vector.json().required("mode").asText().equals("full")
        && (config.window().isEmpty() || family.equals("phi3"))
        && canBeSaid(config.ropeScaling(), family)
        && (!family.equals("smollm3") || unturned.equals(everyFourth(config.layers())));
  }

  private static boolean canBeSaid(RopeScaling scaling, String family) {
    if (scaling instanceof RopeScaling.Yarn yarn) {
      double amplitude = 0.1 * Math.log(yarn.factor()) + 1;
      return yarn.whole() && Math.abs(yarn.amplitude() - amplitude) < 1e-12;
    }
    if (scaling instanceof RopeScaling.Llama3) {
      return Set.of("llama", "mistral", "granite").contains(family);
    }
    return !(scaling instanceof RopeScaling.Dynamic)
        && (family.equals("phi3") || !(scaling instanceof RopeScaling.LongRope));
  }

  private static Set<Integer> everyFourth(int layers) {
    return layers >= 8 ? Set.of(3, 7) : layers >= 4 ? Set.of(3) : Set.of();
  }

  @Test
  void allFamiliesButSmolLm3AreAmongThem() {
    assertThat(vectors())
        .extracting(vector -> vector.json().at("/config/model_type").asText())
        .contains("llama", "mistral", "qwen2", "qwen3", "granite", "phi3", "minicpm");
  }

  private Checkpoint withTokenizer(String vocabulary) throws IOException {
    TinyCheckpoint made =
        TinyCheckpoint.write(
            folder.resolve("made"), TinyCheckpoint.config().put("model_type", "llama"));
    GgufWriter writer =
        TinyGguf.of(Checkpoint.open(made.folder()))
            .texts("tokenizer.ggml.tokens", List.of("<s>", "a", "b"))
            .wholes("tokenizer.ggml.token_type", List.of(3, 1, 1));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"b\", \"vocab\": "
            + vocabulary
            + "}}");
    return Checkpoint.open(Files.write(folder.resolve("model.gguf"), writer.bytes()));
  }

  @Test
  void itsOwnTokenizerBesideItIsTaken() throws IOException {
    Checkpoint checkpoint = withTokenizer("{\"<s>\": 0, \"a\": 1, \"b\": 2}");
    try (SsaModel model = SsaModel.load(checkpoint, RuntimeOptions.cpu(2), Optional.empty())) {
      assertThat(model.checkpoint().tokenizerFile()).contains(folder.resolve("tokenizer.json"));
    }
  }

  @Test
  void anotherModelsTokenizerBesideItIsRefused() throws IOException {
    Checkpoint checkpoint = withTokenizer("{\"<s>\": 0, \"b\": 1, \"a\": 2}");
    assertThatThrownBy(() -> SsaModel.load(checkpoint, RuntimeOptions.cpu(2), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "tokenizer.json: is another model's: 'a', id 1 of the weights' file, has id 2");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agreesWithTransformers(GoldenLogProbsTest.Vector vector) {
    Path file =
        TinyGguf.write(
            vector.json().required("config"),
            vector.json().required("seed").longValue(),
            folder.resolve("model.gguf"));
    GoldenLogProbsTest.requireAgreement(vector, Checkpoint.open(file), RuntimeOptions.cpu(2));
  }
}
