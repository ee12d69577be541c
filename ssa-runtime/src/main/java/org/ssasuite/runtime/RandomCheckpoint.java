package org.ssasuite.runtime;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.files.NewFolder;

/**
 * Checkpoints of any shape with random weights that anybody can rebuild. Element i (row-major) of a
 * matrix is float32(initializer_range · z_i) with z_i of stream (seed, the tensor's Hugging Face
 * name) of {@link RandomStreams}; of a norm's weight, float32(1 + 0.1 · z_i); then rounded to
 * nearest even to the config's {@code torch_dtype} or {@code dtype}.
 */
public final class RandomCheckpoint {
  private static final List<String> RECIPES =
      List.of("fullattn-mini", "moba-mini", "nsa-mini", "ssa-1b", "ssa-300m", "ssa-mini");
  // What Hugging Face's Llama takes where the config is silent.
  private static final double DEFAULT_INITIALIZER_RANGE = 0.02;
  private static final double NORM_SPREAD = 0.1;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long MAX_RECIPE_BYTES = 4L << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RandomCheckpoint() {}

  /** The names of the configs that come with the runtime. */
  public static List<String> recipes() {
    return RECIPES;
  }

  /**
   * A config that comes with the runtime, or the one in a file.
   *
   * @throws BadInputException if it is neither, or the file holds no JSON object
   */
  public static JsonNode recipe(String nameOrFile) {
    if (RECIPES.contains(nameOrFile)) {
      return embedded(nameOrFile);
    }
    Path file = file(nameOrFile);
    if (!Files.exists(file)) {
      throw new BadInputException(
          nameOrFile, "no such file, and the recipes are " + String.join(", ", RECIPES));
    }
    JsonNode config =
        JsonDocument.read(new DataFile(file, MAX_RECIPE_BYTES), JsonDocument.Keys.ONCE);
    if (!config.isObject()) {
      throw new BadInputException(file, "is no JSON object");
    }
    return config;
  }

  /**
   * Writes {@code config.json} and {@code model.safetensors}. The folder appears when it is
   * complete; memory does not grow with the model.
   *
   * @param out a folder that does not exist or is empty
   * @throws BadInputException if the config makes no sense, or the folder is not empty or cannot be
   *     written
   */
  public static void write(JsonNode config, long seed, Path out) {
    CheckpointShape shape = CheckpointShape.of(config);
    CheckpointFloat format = CheckpointFloat.of(config);
    double range = initializerRange(config);
    NewFolder.write(
        out,
        folder -> {
          Files.write(
              folder.resolve("config.json"),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
          writeWeights(
              folder.resolve("model.safetensors"), shape, format, new RandomStreams(seed), range);
        });
  }

  private static double initializerRange(JsonNode config) {
    if (!config.hasNonNull("initializer_range")) {
      return DEFAULT_INITIALIZER_RANGE;
    }
    JsonNode value = config.get("initializer_range");
    if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1000)) {
      throw new BadInputException(
          "model config", "initializer_range is " + value + ", not a number from 0 to 1000");
    }
    return value.doubleValue();
  }

  private static void writeWeights(
      Path file, CheckpointShape shape, CheckpointFloat format, RandomStreams streams, double range)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = header(shape, format);
      writeFully(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .flip(),
          channel);
      writeFully(ByteBuffer.wrap(header), channel);
      for (CheckpointShape.Tensor tensor : shape.tensors()) {
        boolean norm = tensor.name().endsWith("norm.weight");
        RandomStreams.Stream stream = streams.named(tensor.name());
        long elements = tensor.elements();
        for (long i = 0; i < elements; i++) {
          double z = stream.normal(i);
          format.put((float) (norm ? 1 + NORM_SPREAD * z : range * z), buffer);
          if (!buffer.hasRemaining()) {
            drain(buffer, channel);
          }
        }
      }
      drain(buffer, channel);
    }
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    writeFully(buffer.flip(), channel);
    buffer.clear();
  }

  private static void writeFully(ByteBuffer bytes, FileChannel channel) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The JSON header, filled up with spaces so that the data starts at a multiple of 8 bytes. */
  private static byte[] header(CheckpointShape shape, CheckpointFloat format) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    // Hugging Face's loader asks for it.
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (CheckpointShape.Tensor tensor : shape.tensors()) {
      long end = offset + tensor.elements() * format.bytes();
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", format.safetensorsName());
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = JSON.writeValueAsString(header);
    int padding = Math.floorMod(-json.length(), 8);
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode embedded(String name) {
    String resource = "recipes/" + name + ".json";
    try (InputStream bytes = RandomCheckpoint.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IllegalStateException("the program lacks its resource " + resource);
      }
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new BadInputException(name, "no such file", e);
    }
  }
}
