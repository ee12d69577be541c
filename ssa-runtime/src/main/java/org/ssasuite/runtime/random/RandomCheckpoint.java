package org.ssasuite.runtime.random;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.files.NewFolder;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.NewModelConfig;
import org.ssasuite.runtime.checkpoint.SafetensorsWriter;

/**
 * Checkpoints of any shape with random weights that anybody can rebuild. Element i (row-major) of a
 * matrix or a bias is float32(initializer_range · z_i) with z_i of stream (seed, the tensor's
 * Hugging Face name) of {@link RandomStreams}; of a norm's weight, float32(1 + 0.1 · z_i); then
 * rounded to nearest even to the config's {@code torch_dtype} or {@code dtype}.
 */
public final class RandomCheckpoint {
  private static final List<String> RECIPES =
      List.of("fullattn-mini", "moba-mini", "nsa-mini", "ssa-1b", "ssa-300m", "ssa-mini");
  private static final double NORM_SPREAD = 0.1;
  private static final int PIECE = 1 << 14;

  /** What messages name where a config makes no sense. */
  private static final Path SUBJECT = Path.of("model config");

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
    NewModelConfig model = NewModelConfig.of(SUBJECT, config);
    ModelLayout layout = ModelLayout.of(model.sizes(), model.sizes().family().gateable());
    requireAddressable(layout);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    layout.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    RandomStreams streams = new RandomStreams(seed);
    NewFolder.write(
        out,
        folder -> {
          Files.write(
              folder.resolve("config.json"),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
          SafetensorsWriter.write(
              folder.resolve("model.safetensors"),
              model.format(),
              shapes,
              (name, to) ->
                  put(layout.get(name), streams.named(name), model.initializerRange(), to));
        });
  }

  private static void requireAddressable(ModelLayout layout) {
    try {
      Math.multiplyExact(layout.parameters(), Float.BYTES);
    } catch (ArithmeticException e) {
      throw new BadInputException(SUBJECT.toString(), "its weights pass 2^63 bytes", e);
    }
  }

  private static void put(
      ModelLayout.Tensor tensor,
      RandomStreams.Stream stream,
      double range,
      SafetensorsWriter.Sink to)
      throws IOException {
    boolean norm = tensor.role().isNorm();
    float[] piece = new float[PIECE];
    long elements = tensor.elements();
    for (long from = 0; from < elements; from += PIECE) {
      int count = (int) Math.min(PIECE, elements - from);
      for (int i = 0; i < count; i++) {
        double z = stream.normal(from + i);
        piece[i] = (float) (norm ? 1 + NORM_SPREAD * z : range * z);
      }
      to.put(piece, count);
    }
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
