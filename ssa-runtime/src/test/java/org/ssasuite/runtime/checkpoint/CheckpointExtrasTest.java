package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ssasuite.runtime.checkpoint.TinyCheckpoint.requireRefused;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in a folder beside the weights that a model needs: passed over, taken, or refused. */
class CheckpointExtrasTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  @TempDir Path folder;

  private TinyCheckpoint tiny() {
    return TinyCheckpoint.write(folder.resolve("tiny"));
  }

  @Test
  void biasesAreRefusedByName() {
    requireRefused(
        tiny().with("model.layers.0.self_attn.q_proj.bias", "F32", new long[] {128}, new byte[512]),
        "holds tensors that are not computed with here: 'model.layers.0.self_attn.q_proj.bias'");
  }

  @Test
  void someOfManyUnusedTensorsAreNamed() {
    TinyCheckpoint tiny = tiny();
    for (String part : new String[] {"a", "b", "c", "d", "e"}) {
      tiny.with("model." + part + "_norm.weight", "F16", new long[] {1}, new byte[2]);
    }
    requireRefused(
        tiny, "'model.a_norm.weight', 'model.b_norm.weight', 'model.c_norm.weight' and 2");
  }

  @Test
  void layersBeyondTheConfigsAreRefused() {
    requireRefused(
        tiny().withConfig(config -> config.put("num_hidden_layers", 1)), "'model.layers.1.");
  }

  @ParameterizedTest
  @CsvSource({
    "model.position_ids, I64, 8",
    "model.layers.0.self_attn.bias, BOOL, 1",
    "model.layers.0.self_attn.bias, U8, 1",
    "model.layers.0.self_attn.masked_bias, F16, 2",
    "model.layers.1.self_attn.rotary_emb.inv_freq, F64, 8",
    "model.rotary_emb.inv_freq, F8_E4M3, 1",
  })
  void buffersThatNothingNeedsAreNoParameters(String name, String type, int bytes) {
    long parameters = Checkpoint.open(tiny().folder()).parameters();
    TinyCheckpoint with = TinyCheckpoint.write(folder.resolve("with"));
    with.with(name, type, new long[] {3}, new byte[3 * bytes]);
    assertThat(Checkpoint.open(with.folder()).parameters()).isEqualTo(parameters);
  }

  @Test
  void biasOfAttentionIsNoMask() {
    requireRefused(
        tiny().with("model.layers.0.self_attn.bias", "F32", new long[] {1}, new byte[4]),
        "'model.layers.0.self_attn.bias'");
  }

  @Test
  void gatesOfAPlainLlamaAreRefused() {
    requireRefused(
        tiny().withConfig(config -> config.put("model_type", "llama")),
        "'model.layers.0.self_attn.g_proj.weight'");
  }

  @Test
  void tiedModelWithTheEmbeddingAsHeadStaysTied() {
    TinyCheckpoint tiny = tiny();
    byte[] embedding = tiny.bytesOf(EMBEDDING);
    Checkpoint both =
        Checkpoint.open(tiny.with(HEAD, "F32", new long[] {64, 32}, embedding).folder());
    assertThat(both.head().name()).isEqualTo(EMBEDDING);
    assertThat(both.config().tied()).isTrue();
  }

  @Test
  void tiedModelWithAnotherHeadTakesIt() {
    TinyCheckpoint tiny = tiny();
    byte[] other = tiny.bytesOf(EMBEDDING);
    other[other.length - 1] ^= 1;
    long parameters = Checkpoint.open(tiny.folder()).parameters();
    Checkpoint both = Checkpoint.open(tiny.with(HEAD, "F32", new long[] {64, 32}, other).folder());
    assertThat(both.head().name()).isEqualTo(HEAD);
    assertThat(both.config().tied()).isFalse();
    assertThat(both.parameters()).isEqualTo(parameters + 64 * 32);
  }

  @Test
  void headOfAnotherTypeIsComparedByItsNumbers() {
    TinyCheckpoint tiny = tiny();
    byte[] embedding = tiny.bytesOf(EMBEDDING);
    ByteBuffer doubled = ByteBuffer.allocate(2 * 64 * 32).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer from = ByteBuffer.wrap(embedding).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      doubled.putShort((short) (from.getInt() >>> 16));
    }
    Checkpoint both =
        Checkpoint.open(tiny.with(HEAD, "BF16", new long[] {64, 32}, doubled.array()).folder());
    assertThat(both.head().name()).isEqualTo(HEAD);
  }

  @Test
  void indexEntryThatNothingNeedsMayLeadNowhere() throws IOException {
    TinyCheckpoint tiny = tiny();
    Path shard = tiny.folder().resolve("model-00001-of-00001.safetensors");
    Files.move(tiny.weights(), shard);
    ObjectNode index = new ObjectMapper().createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    Safetensors.read(shard).keySet().forEach(name -> map.put(name, shard.getFileName().toString()));
    map.put(HEAD, "model-00009-of-00009.safetensors");
    map.put("model.gone.weight", shard.getFileName().toString());
    Files.writeString(tiny.folder().resolve("model.safetensors.index.json"), index.toString());
    assertThat(Checkpoint.open(tiny.folder()).head().name()).isEqualTo(EMBEDDING);
  }

  @Test
  void tensorsThatTheIndexDoesNotKnowAreThereAllTheSame() throws IOException {
    TinyCheckpoint tiny = tiny();
    Map<String, StoredTensor> known = Safetensors.read(tiny.weights());
    tiny.with("model.layers.0.mlp.up_proj.bias", "F32", new long[] {1}, new byte[4]);
    Files.move(tiny.weights(), tiny.folder().resolve("model-00001-of-00001.safetensors"));
    tiny.writeIndex(known);
    requireRefused(tiny, "'model.layers.0.mlp.up_proj.bias'");
  }

  @Test
  void shardsWithoutTheirIndexAreNamed() throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.move(tiny.weights(), tiny.folder().resolve("model-00001-of-00002.safetensors"));
    requireRefused(
        tiny,
        "holds model-00001-of-00002.safetensors, but neither model.safetensors nor the index"
            + " model.safetensors.index.json");
  }

  @ParameterizedTest
  @CsvSource({"pytorch_model.bin, PyTorch's format", "flax_model.msgpack, Flax"})
  void weightsInAnotherFormatAreNamed(String name, String format) throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.move(tiny.weights(), tiny.folder().resolve(name));
    requireRefused(tiny, "holds weights in " + format);
  }

  @Test
  void sentencePiecesOwnFileIsNamedWhereThereIsNoOther() throws IOException {
    TinyCheckpoint tiny = tiny();
    assertThat(Checkpoint.open(tiny.folder()).noTokenizer()).isEqualTo("has no tokenizer.json");
    Files.writeString(tiny.folder().resolve("tokenizer.model"), "x");
    assertThat(Checkpoint.open(tiny.folder()).noTokenizer())
        .isEqualTo(
            "has tokenizer.model but no tokenizer.json: save it once with transformers"
                + " (AutoTokenizer.from_pretrained, save_pretrained)");
  }

  @Test
  void adapterIsNoModel() throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.move(tiny.configFile(), tiny.folder().resolve("adapter_config.json"));
    Files.move(tiny.weights(), tiny.folder().resolve("adapter_model.safetensors"));
    requireRefused(tiny, "holds an adapter (adapter_config.json), not a model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json"})
  void gitPointersAreNamed(String name) throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.writeString(
        tiny.folder().resolve(name),
        "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n");
    requireRefused(
        tiny,
        name + ": this is a Git LFS pointer, not the file that it stands for; run: git lfs pull");
  }

  @Test
  void moreTensorsThanAnyModelHasAreRefused() throws IOException {
    TinyCheckpoint tiny = tiny();
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= SafetensorsHeader.MOST_TENSORS; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("\"x")
          .append(i)
          .append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    Files.write(
        tiny.weights(),
        ByteBuffer.allocate(8 + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array());
    requireRefused(tiny, "has more than 131072 tensors");
  }
}
