package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.random.RandomCheckpoint;

/** A model folder of a few kilobytes, to be loaded or spoilt. */
public record TinyCheckpoint(Path folder) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Two layers, four query heads over two KV heads of 32, 64 ids, block budget 8 × 2. */
  public static ObjectNode config() {
    return MAPPER
        .createObjectNode()
        .put("model_type", "llama-nsa")
        .put("vocab_size", 64)
        .put("hidden_size", 32)
        .put("num_hidden_layers", 2)
        .put("num_attention_heads", 4)
        .put("num_key_value_heads", 2)
        .put("head_dim", 32)
        .put("intermediate_size", 48)
        .put("max_position_embeddings", 256)
        .put("rope_theta", 10_000.0)
        .put("rms_norm_eps", 1e-5)
        .put("tie_word_embeddings", true)
        .put("block_size", 8)
        .put("block_counts", 2)
        .put("window_size", 0)
        .put("initializer_range", 0.2)
        .put("torch_dtype", "float32")
        .put("bos_token_id", 1)
        .put("eos_token_id", 1);
  }

  public static TinyCheckpoint write(Path folder) {
    return write(folder, config());
  }

  public static TinyCheckpoint write(Path folder, ObjectNode config) {
    RandomCheckpoint.write(config, 7, folder);
    return new TinyCheckpoint(folder);
  }

  public Path weights() {
    return folder.resolve("model.safetensors");
  }

  Path configFile() {
    return folder.resolve("config.json");
  }

  /** Changes a field of config.json. */
  TinyCheckpoint withConfig(Consumer<ObjectNode> change) {
    try {
      ObjectNode config = (ObjectNode) MAPPER.readTree(configFile().toFile());
      change.accept(config);
      MAPPER.writeValue(configFile().toFile(), config);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes the header of the weights; the data stay. */
  TinyCheckpoint withHeader(Consumer<ObjectNode> change) {
    try {
      byte[] file = Files.readAllBytes(weights());
      int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
      ObjectNode header = (ObjectNode) MAPPER.readTree(file, 8, length);
      change.accept(header);
      byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
      int padded = (text.length + 7) / 8 * 8;
      ByteBuffer out =
          ByteBuffer.allocate(8 + padded + file.length - 8 - length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(padded)
              .put(text)
              .put(" ".repeat(padded - text.length).getBytes(StandardCharsets.UTF_8))
              .put(file, 8 + length, file.length - 8 - length);
      Files.write(weights(), out.array());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a tensor behind the others. */
  public TinyCheckpoint with(String name, String type, long[] shape, byte[] values) {
    withHeader(
        header -> {
          long end = 0;
          for (JsonNode tensor : header) {
            end = Math.max(end, tensor.path("data_offsets").path(1).asLong());
          }
          ObjectNode tensor = header.putObject(name).put("dtype", type);
          ArrayNode axes = tensor.putArray("shape");
          Arrays.stream(shape).forEach(axes::add);
          tensor.putArray("data_offsets").add(end).add(end + values.length);
        });
    return withBytes(
        bytes -> {
          byte[] more = Arrays.copyOf(bytes, bytes.length + values.length);
          System.arraycopy(values, 0, more, bytes.length, values.length);
          return more;
        });
  }

  /** A tensor's bytes. */
  byte[] bytesOf(String name) {
    ByteBuffer to = ByteBuffer.allocate(1 << 20);
    Safetensors.read(weights()).get(name).copyTo(to);
    return Arrays.copyOf(to.array(), to.position());
  }

  /** Changes the bytes of the weights. */
  TinyCheckpoint withBytes(Spoiler spoiler) {
    try {
      Files.write(weights(), spoiler.spoil(Files.readAllBytes(weights())));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the index of one shard that holds these tensors. */
  void writeIndex(Map<String, StoredTensor> tensors) throws IOException {
    ObjectNode index = MAPPER.createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    tensors.keySet().forEach(name -> map.put(name, "model-00001-of-00001.safetensors"));
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
  }

  /** Opening must fail with one line that names a file of the model and states the fact. */
  static void requireRefused(TinyCheckpoint tiny, String fact) {
    assertThatThrownBy(() -> Checkpoint.open(tiny.folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(tiny.folder().toString())
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
  }

  /** Makes other bytes of a file's. */
  interface Spoiler {
    byte[] spoil(byte[] bytes);
  }
}
