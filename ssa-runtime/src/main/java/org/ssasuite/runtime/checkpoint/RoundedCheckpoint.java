package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.files.NewFolder;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.runtime.engine.Precision;

/**
 * A model folder once more, with its weights in another number format: what training leaves has
 * fp32 master weights, what is handed on has the format that the model computes in.
 */
public final class RoundedCheckpoint {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final long MAX_BYTES = 64L << 20;
  private static final int PIECE = 1 << 14;

  /** Keys of {@code config.json} that say the format, of transformers 5 and before. */
  private static final List<String> FORMAT_KEYS = List.of("dtype", "torch_dtype");

  /** What is of these weights, and would be wrong beside others. */
  private static final Set<String> NOT_COPIED =
      Set.of(CONFIG, "model.safetensors.index.json", "checkpoint.json");

  private RoundedCheckpoint() {}

  /**
   * Writes {@code config.json}, {@code model.safetensors} (one file, tensors in the order in which
   * they are stored), and what lies beside them as texts: tokenizer, templates, settings. Every
   * number is rounded to nearest, ties to even. The folder appears when it is complete.
   *
   * @param model a model folder with safetensors
   * @param out a folder that does not exist or is empty
   * @throws BadInputException if the folder is no model that can be evaluated, a number is too
   *     large for the format, or the other folder is not empty or cannot be written
   */
  public static void write(Path model, Precision format, Path out) {
    // Whatever a run would refuse is no model to be handed on.
    Checkpoint.open(model);
    Path file = WeightFiles.find(model);
    if (!Files.exists(file)) {
      throw new BadInputException(model, "has no safetensors that could be rounded");
    }
    WeightFiles weights = WeightFiles.read(model, file, NeedlessTensors::contain);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach((name, t) -> shapes.put(name, Arrays.stream(t.shape()).boxed().toList()));
    NewFolder.write(
        out,
        folder -> {
          Files.writeString(folder.resolve(CONFIG), config(model.resolve(CONFIG), format));
          SafetensorsWriter.write(
              folder.resolve(WEIGHTS),
              format,
              shapes,
              (name, to) -> put(weights.tensors().get(name), format, to));
          copyTexts(model, folder);
        });
  }

  private static String config(Path file, Precision format) throws IOException {
    JsonNode tree = JsonDocument.read(new DataFile(file, MAX_BYTES), JsonDocument.Keys.LAST_COUNTS);
    ObjectNode config = (ObjectNode) tree;
    List<String> stated = FORMAT_KEYS.stream().filter(config::has).toList();
    for (String key : stated.isEmpty() ? FORMAT_KEYS.subList(1, 2) : stated) {
      config.put(key, format.torchName());
    }
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(config)
        + "\n";
  }

  private static void put(StoredTensor tensor, Precision format, SafetensorsWriter.Sink to)
      throws IOException {
    FloatBuffer values = tensor.floats();
    float[] piece = new float[PIECE];
    while (values.hasRemaining()) {
      int count = Math.min(PIECE, values.remaining());
      values.get(piece, 0, count);
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(format.rounded(piece[i]))) {
          throw tensor.bad("holds " + piece[i] + ", which is too large for " + format.text());
        }
      }
      to.put(piece, count);
    }
  }

  private static void copyTexts(Path from, Path to) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.{json,txt,jinja}")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (Files.isRegularFile(file) && !NOT_COPIED.contains(name)) {
          RegularFile.copy(file, to.resolve(name));
        }
      }
    }
  }
}
