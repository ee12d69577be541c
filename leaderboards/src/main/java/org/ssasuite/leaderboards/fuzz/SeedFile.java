package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;

/** The valid files that are spoilt: small ones of our own. */
final class SeedFile {
  private SeedFile() {}

  static byte[] bytes(String name) {
    try (InputStream in = SeedFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static JsonNode tree(String name) {
    try {
      return new ObjectMapper().readTree(bytes(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonSeed json(String name) {
    return JsonSeed.of(text(name));
  }

  static JsonLinesSeed jsonLines(String name) {
    return JsonLinesSeed.of(text(name));
  }

  /** Weights of the model that {@code config.json} describes, in float32. */
  static byte[] weights() {
    ModelConfig config = ModelConfig.of(Path.of("config.json"), tree("config.json"));
    Map<String, int[]> shapes = new LinkedHashMap<>();
    ModelLayout.of(config.sizes(), false)
        .tensors()
        .forEach(
            (name, tensor) ->
                shapes.put(name, tensor.shape().stream().mapToInt(Math::toIntExact).toArray()));
    return safetensors(shapes, i -> (float) Math.sin(i));
  }

  /** The state of an optimiser of one small weight after so many steps. */
  static byte[] optimizer(int step) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("step", new int[] {1});
    shapes.put("mean.model.norm.weight", new int[] {16});
    shapes.put("square.model.norm.weight", new int[] {16});
    return safetensors(shapes, i -> i == 0 ? step : (float) Math.sin(i));
  }

  /** A number of a file by its place. */
  private interface Numbers {
    float at(int place);
  }

  private static byte[] safetensors(Map<String, int[]> shapes, Numbers numbers) {
    StringBuilder header = new StringBuilder("{\"__metadata__\": {\"format\": \"pt\"}");
    int end = 0;
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      int[] shape = entry.getValue();
      int from = end;
      end += 4 * shape[0] * (shape.length == 1 ? 1 : shape[1]);
      header
          .append(", \"" + entry.getKey() + "\": {\"dtype\": \"F32\", \"shape\": [" + shape[0])
          .append(shape.length == 1 ? "" : ", " + shape[1])
          .append("], \"data_offsets\": [" + from + ", " + end + "]}");
    }
    byte[] head = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + head.length + end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(head.length).put(head);
    for (int i = 0; file.hasRemaining(); i++) {
      file.putFloat(numbers.at(i));
    }
    return file.array();
  }

  /** Logits of three positions over five ids. */
  static byte[] logits() {
    return safetensors(Map.of("logits", new int[] {3, 5}), i -> (float) Math.sin(i));
  }

  /** An index that puts every second weight into the second of two files. */
  static String index() {
    JsonPiece header = SafetensorsSeed.of(weights()).header().root();
    StringBuilder index =
        new StringBuilder("{\"metadata\": {\"total_size\": 10688}, \"weight_map\": {");
    for (int i = 1; i < header.size(); i++) {
      index
          .append(i == 1 ? "" : ", ")
          .append(header.key(i) + ": \"model-0000" + (1 + i % 2) + "-of-00002.safetensors\"");
    }
    return index.append("}}").toString();
  }

  /** Two times three float32 numbers. */
  static byte[] npy() {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    byte[] text =
        (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file = ByteBuffer.allocate(10 + text.length + 24).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ByteMutations.bytes(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0))
        .putShort((short) text.length);
    file.put(text);
    for (int i = 0; file.hasRemaining(); i++) {
      file.putFloat(i / 4f);
    }
    return file.array();
  }
}
