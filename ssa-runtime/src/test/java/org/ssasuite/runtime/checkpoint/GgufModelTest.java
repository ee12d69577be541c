package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.gguf.GgufWriter;
import org.ssasuite.runtime.random.RandomCheckpoint;

class GgufModelTest {
  @TempDir Path folder;

  private static ObjectNode config(String family) {
    ObjectNode config = TinyCheckpoint.config().put("model_type", family);
    config.remove(List.of("block_size", "block_counts", "window_size"));
    return config;
  }

  private Checkpoint original(ObjectNode config) {
    Path made = folder.resolve("made");
    if (Files.notExists(made)) {
      RandomCheckpoint.write(config, 7, made);
    }
    return Checkpoint.open(made);
  }

  private Path file(GgufWriter writer) throws IOException {
    return Files.write(folder.resolve("model.gguf"), writer.bytes());
  }

  private Checkpoint read(ObjectNode config) throws IOException {
    return Checkpoint.open(file(TinyGguf.of(original(config))));
  }

  private void requireRefused(GgufWriter writer, String fact) throws IOException {
    Path file = file(writer);
    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("model.gguf: ")
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
  }

  private GgufWriter llama() {
    return TinyGguf.of(original(config("llama")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "qwen3", "granite", "phi3", "smollm3"})
  void theConfigIsThatOfConfigJson(String family) throws IOException {
    ObjectNode config = config(family);
    if (family.equals("granite")) {
      config.put("embedding_multiplier", 12.0).put("attention_multiplier", 0.015625);
      config.put("residual_multiplier", 0.22).put("logits_scaling", 8.0);
    }
    if (family.equals("smollm3")) {
      config.put("num_hidden_layers", 5);
    }
    Checkpoint read = read(config);
    assertThat(read.config()).isEqualTo(original(config).config());
  }

  @ParameterizedTest
  @CsvSource({"linear, 4", "yarn, 2"})
  void scalingsAreThoseOfConfigJson(String type, double factor) throws IOException {
    ObjectNode config = config("qwen2");
    config.putObject("rope_scaling").put("rope_type", type).put("factor", factor);
    assertThat(read(config).config()).isEqualTo(original(config).config());
  }

  @Test
  void publishedLlama3IsFoundAgainInItsFactors() throws IOException {
    ObjectNode config = config("llama").put("rope_theta", 500_000.0);
    config
        .putObject("rope_scaling")
        .put("rope_type", "llama3")
        .put("factor", 32.0)
        .put("low_freq_factor", 1.0)
        .put("high_freq_factor", 4.0)
        .put("original_max_position_embeddings", 8_192);
    assertThat(read(config).config()).isEqualTo(original(config).config());
  }

  @Test
  void factorsOfAnotherKindStretchEachWave() throws IOException {
    float[] factors = new float[16];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 + i / 4f;
    }
    GgufWriter writer = llama().tensor("rope_freqs.weight", new long[] {16}, factors);
    RopeScaling scaling = Checkpoint.open(file(writer)).config().ropeScaling();
    assertThat(scaling.frequency(3, 32, 10_000))
        .isEqualTo(new RopeScaling.Default().frequency(3, 32, 10_000) / 1.75);
  }

  @Test
  void multipliersOfMiniCpmAreMadeOfWhatTheFileHas() throws IOException {
    ObjectNode config = config("minicpm").put("scale_emb", 12.0);
    config.put("scale_depth", 1.4).put("dim_model_base", 16.0);
    Departures read = read(config).config().departures();
    assertThat(read.embedding()).isEqualTo(12);
    assertThat(read.residual()).isCloseTo(1.4 / Math.sqrt(2), within());
    assertThat(read.logits()).isEqualTo(2);
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "granite", "smollm3", "qwen2", "qwen3", "phi3"})
  void weightsAreThoseOfTheFolder(String family) throws IOException {
    ObjectNode config = config(family);
    if (config.get("model_type").asText().equals("llama")) {
      config.put("attention_bias", true);
    }
    Checkpoint read = read(config);
    Checkpoint original = original(config);
    for (String name : original.layout().names()) {
      FloatBuffer wanted = original.tensor(name).floats();
      assertThat(read.tensor(name).floats().mismatch(wanted)).as(name).isNegative();
    }
  }

  @Test
  void aFolderWithOneFileIsThatFile() throws IOException {
    Path only = Files.createDirectory(folder.resolve("only"));
    Files.write(only.resolve("x-Q4.gguf"), llama().bytes());
    assertThat(Checkpoint.open(only).config())
        .isEqualTo(Checkpoint.open(only.resolve("x-Q4.gguf")).config());
    assertThat(Checkpoint.open(only).name()).isEqualTo("only");
    assertThat(Checkpoint.open(only.resolve("x-Q4.gguf")).name()).isEqualTo("x-Q4");
  }

  @Test
  void ofSeveralFilesOneHasToBeNamed() throws IOException {
    Path several = Files.createDirectory(folder.resolve("several"));
    Files.write(several.resolve("b.gguf"), llama().bytes());
    Files.write(several.resolve("a.gguf"), llama().bytes());
    assertThatThrownBy(() -> Checkpoint.open(several))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("several: holds 2 GGUF files; name one of them, such as a.gguf");
  }

  @Test
  void safetensorsBesideAreReadInstead() throws IOException {
    Checkpoint original = original(config("llama"));
    Files.write(original.folder().resolve("a.gguf"), "none".getBytes(StandardCharsets.UTF_8));
    assertThat(Checkpoint.open(original.folder()).ggufFormats()).isEmpty();
  }

  @Test
  void itsFormatsAreCounted() throws IOException {
    assertThat(read(config("llama")).ggufFormats()).contains("GGUF, F32 in 20");
  }

  @Test
  void itsOwnTokensEndGenerations() throws IOException {
    GgufWriter writer =
        llama()
            .whole("tokenizer.ggml.eot_token_id", 5)
            .texts("tokenizer.ggml.tokens", List.of("a", "<s>", "c"));
    SpecialTokens tokens = Checkpoint.open(file(writer)).specialTokens();
    assertThat(tokens.begin().map(SpecialTokens.Named::text)).contains("<s>");
    assertThat(tokens.generationEnds()).contains(List.of(1, 5));
  }

  @Test
  void filesBesideSayOtherwise() throws IOException {
    Path file = file(llama());
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [3, 4]}");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
    SpecialTokens tokens = Checkpoint.open(file).specialTokens();
    assertThat(tokens.generationEnds()).contains(List.of(3, 4));
    assertThat(tokens.end().map(SpecialTokens.Named::text)).contains("<end>");
    assertThat(Checkpoint.open(file).files()).hasSize(3);
  }

  @Test
  void anArchitectureThatIsNotComputedIsNamed() throws IOException {
    requireRefused(
        new GgufWriter().text("general.architecture", "gemma3"),
        "'general.architecture' is 'gemma3'; known are llama, qwen2, qwen3, smollm3, granite,"
            + " minicpm, phi3");
    requireRefused(new GgufWriter(), "'general.architecture' is missing");
  }

  private void requireRefused(Consumer<GgufWriter> change, String fact) throws IOException {
    GgufWriter writer = llama();
    change.accept(writer);
    requireRefused(writer, fact);
  }

  @Test
  void whatIsNotComputedIsNamed() throws IOException {
    requireRefused(w -> w.whole("llama.expert_count", 8), "'llama.expert_count' is 8, which");
    requireRefused(w -> w.flag("llama.attention.causal", true), "'llama.attention.causal' is true");
    requireRefused(w -> w.whole("split.count", 3), "'split.count' is 3: merge its files");
    requireRefused(w -> w.text("general.type", "adapter"), "'general.type' is 'adapter'");
    requireRefused(
        w -> w.text("llama.rope.scaling.type", "dynamic"),
        "'llama.rope.scaling.type' is 'dynamic'; known are none, linear, yarn, longrope");
    requireRefused(
        w -> w.real("llama.rope.scaling.attn_factor", 2),
        "'llama.rope.scaling.attn_factor' is 2.0");
    requireRefused(
        w -> w.tensor("blk.0.attn_q.bias", new long[] {128}, new float[128]),
        "tensor 'blk.0.attn_k.bias' is missing");
    requireRefused(
        w -> w.tensor("blk.2.attn_norm.weight", new long[] {32}, new float[32]),
        "holds tensors that are not computed with here: 'blk.2.attn_norm.weight'");
  }

  @Test
  void expertsOfNoneAreNoExperts() throws IOException {
    Path file = file(llama().whole("llama.expert_count", 0));
    assertThat(Checkpoint.open(file).layout().joined()).isFalse();
  }

  @Test
  void anEmptyFileHasNoModel() throws IOException {
    requireRefused(
        new GgufWriter().text("general.architecture", "llama"),
        "has no tensor 'token_embd.weight' of two axes");
  }

  @Test
  void moreLayersThanTensorsAreNamed() throws IOException {
    JsonNode config = config("llama");
    assertThat(config.get("num_hidden_layers").intValue()).isEqualTo(2);
    byte[] bytes = llama().bytes();
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("block_count");
    bytes[at + "block_count".length() + 4 + 3] = 8;
    Path file = Files.write(folder.resolve("model.gguf"), bytes);
    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'block_count' is 134217730 for weights of 20 tensors");
  }
}
