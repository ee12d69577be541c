package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ssasuite.runtime.checkpoint.TinyCheckpoint.requireRefused;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;

class CheckpointTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String Q_PROJ = "model.layers.1.self_attn.q_proj.weight";

  @TempDir Path folder;

  private TinyCheckpoint tiny() {
    return TinyCheckpoint.write(folder.resolve("tiny"));
  }

  @Test
  void modelWithABudgetHasFullAndSparseMode() {
    assertThat(Checkpoint.open(tiny().folder()).modes())
        .extracting(AttentionMode::text)
        .containsExactly("full", "sparse:8x2");
  }

  @Test
  void nsaModelHasItsOwnModeOnly() {
    TinyCheckpoint nsa = tiny().withConfig(config -> config.put("window_size", 16));
    assertThat(Checkpoint.open(nsa.folder()).modes())
        .extracting(AttentionMode::text)
        .containsExactly("nsa:8x2");
  }

  @Test
  void plainLlamaHasFullModeOnly() {
    ObjectNode config = TinyCheckpoint.config().put("model_type", "llama");
    config.remove("block_size");
    config.remove("block_counts");
    Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(folder.resolve("p"), config).folder());
    assertThat(plain.modes()).extracting(AttentionMode::text).containsExactly("full");
    assertThat(plain.gated()).isFalse();
  }

  @Test
  void truncatedDataAreRefused() {
    requireRefused(
        tiny().withBytes(bytes -> Arrays.copyOf(bytes, bytes.length - 4)), "outside of the");
  }

  @Test
  void fileWithoutRoomForAHeaderIsRefused() {
    requireRefused(tiny().withBytes(bytes -> Arrays.copyOf(bytes, 5)), "truncated: 5 bytes");
  }

  @Test
  void lyingHeaderLengthIsRefused() {
    requireRefused(
        tiny()
            .withBytes(
                bytes -> {
                  ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 62);
                  return bytes;
                }),
        "header length 4611686018427387904");
  }

  @Test
  void headerThatIsNoJsonIsRefused() {
    requireRefused(
        tiny()
            .withBytes(
                bytes -> {
                  bytes[8] = '[';
                  return bytes;
                }),
        "header is not a JSON object");
  }

  @Test
  void offsetsOutOfRangeAreRefused() {
    requireRefused(
        tiny().withHeader(header -> offsets(header, EMBEDDING).set(1, 1L << 40)), "outside of the");
  }

  @Test
  void overlappingTensorsAreRefused() {
    String other = "model.layers.0.self_attn.q_proj.weight";
    requireRefused(
        tiny().withHeader(header -> header.set(Q_PROJ, header.get(other).deepCopy())),
        "overlaps another tensor");
  }

  @Test
  void bytesThatDoNotFitTheShapeAreRefused() {
    requireRefused(
        tiny()
            .withHeader(
                header -> ((ArrayNode) header.at("/model.embed_tokens.weight/shape")).set(0, 63)),
        "bytes for shape [63, 32]");
  }

  @Test
  void impossibleShapeIsRefused() {
    requireRefused(
        tiny()
            .withHeader(
                header ->
                    ((ArrayNode) header.at("/model.embed_tokens.weight/shape"))
                        .set(0, Long.MAX_VALUE)),
        "impossible shape");
  }

  @Test
  void unknownElementTypeIsRefused() {
    requireRefused(
        tiny().withHeader(header -> ((ObjectNode) header.get(EMBEDDING)).put("dtype", "F8_E4M3")),
        "F8_E4M3");
  }

  @Test
  void elementTypeThatIsNoTextIsRefused() {
    requireRefused(
        tiny()
            .withHeader(
                header -> ((ObjectNode) header.get(EMBEDDING)).putArray("dtype").add("F32")),
        "has no dtype, shape and data_offsets");
  }

  @Test
  void missingWeightIsNamed() {
    requireRefused(
        tiny()
            .withHeader(
                header -> header.set("model.other.weight", header.remove(Q_PROJ).deepCopy())),
        "weight '" + Q_PROJ + "' is missing");
  }

  @Test
  void vocabularyThatDoesNotFitIsRefused() {
    requireRefused(
        tiny().withConfig(config -> config.put("vocab_size", 65)),
        "has shape [64, 32]; the config asks for [65, 32]");
  }

  @Test
  void unknownModelTypeIsRefused() {
    requireRefused(tiny().withConfig(config -> config.put("model_type", "gpt2")), "'gpt2'");
  }

  @Test
  void unknownRopeTypeIsRefused() {
    requireRefused(
        tiny()
            .withConfig(
                config -> config.putObject("rope_scaling").put("rope_type", "proportional")),
        "'proportional'");
  }

  @Test
  void headsThatDoNotDivideAreRefused() {
    requireRefused(
        tiny().withConfig(config -> config.put("num_key_value_heads", 3)), "is 3 for 4 heads");
  }

  @Test
  void unknownBlockSizeIsRefused() {
    requireRefused(tiny().withConfig(config -> config.put("block_size", 24)), "not 24");
  }

  @Test
  void configThatIsNoJsonIsRefused() throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.writeString(tiny.configFile(), "{\"model_type\": ");
    requireRefused(tiny, "config.json: not JSON");
  }

  @Test
  void missingFolderIsRefused() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Checkpoint.open(none))
        .isInstanceOf(BadInputException.class)
        .hasMessage(none + ": no such model folder");
  }

  @Test
  void weightThatIsNoNumberIsRefusedWhenRead() {
    TinyCheckpoint tiny =
        tiny()
            .withBytes(
                bytes -> {
                  ByteBuffer.wrap(bytes)
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .putFloat(bytes.length - 4, Float.NaN);
                  return bytes;
                });
    Checkpoint checkpoint = Checkpoint.open(tiny.folder());
    assertThatThrownBy(
            () -> {
              for (int layer = 0; layer < 2; layer++) {
                for (Role part : List.of(Role.VALUE, Role.QUERY)) {
                  checkpoint.tensor(part.of(layer)).floats();
                }
              }
              checkpoint.tensor("model.norm.weight").floats();
            })
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds NaN at element");
  }

  @Test
  void shardsAreReadThroughTheirIndex() throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.move(tiny.weights(), tiny.folder().resolve("model-00001-of-00001.safetensors"));
    tiny.writeIndex(Safetensors.read(tiny.folder().resolve("model-00001-of-00001.safetensors")));
    assertThat(Checkpoint.open(tiny.folder()).parameters()).isPositive();
  }

  @Test
  void missingShardIsNamed() throws IOException {
    TinyCheckpoint tiny = tiny();
    Map<String, StoredTensor> tensors = Safetensors.read(tiny.weights());
    Files.delete(tiny.weights());
    tiny.writeIndex(tensors);
    requireRefused(tiny, "model-00001-of-00001.safetensors: no such file or folder");
  }

  @Test
  void shardOutsideOfTheFolderIsRefused() throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.delete(tiny.weights());
    Files.writeString(
        tiny.folder().resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"" + EMBEDDING + "\": \"../other.safetensors\"}}");
    requireRefused(tiny, "lies in no file name");
  }

  @Test
  void shardOfALongerNameThanFilesHaveIsRefused() throws IOException {
    TinyCheckpoint tiny = tiny();
    Files.delete(tiny.weights());
    Files.writeString(
        tiny.folder().resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"" + EMBEDDING + "\": \"" + "a".repeat(256) + "\"}}");
    requireRefused(tiny, "lies in no file name");
  }

  private static ArrayNode offsets(ObjectNode header, String tensor) {
    return (ArrayNode) header.required(tensor).required("data_offsets");
  }
}
