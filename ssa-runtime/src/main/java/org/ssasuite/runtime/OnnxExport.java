package org.ssasuite.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.NewFolder;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.RotaryTable;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.onnx.OperatorLibrary;

/**
 * A model as files for users of ONNX Runtime in other languages: the graph, its weights in fp32,
 * the library with the operators, and an example. The graph scores whole sequences; it has no
 * cache.
 */
public final class OnnxExport {
  private static final String GRAPH = "model.onnx";
  private static final String WEIGHTS = "model.onnx.data";
  private static final String EXAMPLE = "example.py";
  private static final int BUFFER_FLOATS = 1 << 18;

  /** 1 GiB: 8,388,608 positions with heads of 32. */
  private static final int MOST_TABLE_ELEMENTS = 1 << 28;

  private OnnxExport() {}

  /**
   * Writes the files. The folder appears when it is complete; memory beyond one weight does not
   * grow with the model.
   *
   * @param rope the rotary frequencies that the tables are made with
   * @param positions rows of the tables: the longest sequence, tokens
   * @param out a folder that does not exist or is empty
   * @throws BadInputException for less than one position, more than a table holds or longer texts
   *     than the model is computed for; if the library is absent, a weight is broken, or the folder
   *     is not empty or cannot be written
   */
  public static void write(Checkpoint checkpoint, RopeScaling rope, int positions, Path out) {
    ModelConfig config = checkpoint.config();
    int most = MOST_TABLE_ELEMENTS / config.headDim();
    if (positions < 1 || positions > most) {
      throw new BadInputException(
          "--positions", "must be from 1 to " + most + ", not " + positions);
    }
    config.limit(rope).ifPresent(limit -> limit.require("--positions", positions));
    Path library = OperatorLibrary.find().require().file();
    ModelGraph.Standalone graph =
        ModelGraph.standalone(config, checkpoint.layout(), WEIGHTS, positions);
    NewFolder.write(
        out,
        folder -> {
          Files.write(folder.resolve(GRAPH), graph.model());
          RotaryTable table = RotaryTable.of(0, positions, config, rope);
          writeWeights(folder.resolve(WEIGHTS), graph.weightOffsets(), checkpoint, table);
          RegularFile.copy(library, folder.resolve(library.getFileName()));
          try (InputStream example = OnnxExport.class.getResourceAsStream(EXAMPLE)) {
            if (example == null) {
              throw new IllegalStateException("the program lacks its resource " + EXAMPLE);
            }
            Files.copy(example, folder.resolve(EXAMPLE));
          }
        });
  }

  private static void writeWeights(
      Path file, Map<String, Long> offsets, Checkpoint checkpoint, RotaryTable table)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (Map.Entry<String, Long> weight : offsets.entrySet()) {
        channel.position(weight.getValue());
        write(values(weight.getKey(), checkpoint, table), channel);
      }
    }
  }

  private static FloatBuffer values(String name, Checkpoint checkpoint, RotaryTable table) {
    return switch (name) {
      case ModelGraph.COSINES -> FloatBuffer.wrap(table.cos());
      case ModelGraph.SINES -> FloatBuffer.wrap(table.sin());
      default -> checkpoint.tensor(name).floats();
    };
  }

  private static void write(FloatBuffer values, FileChannel channel) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(BUFFER_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer rest = values.duplicate();
    while (rest.hasRemaining()) {
      int count = Math.min(rest.remaining(), BUFFER_FLOATS);
      bytes.clear().asFloatBuffer().put(rest.slice(rest.position(), count));
      rest.position(rest.position() + count);
      bytes.limit(count * Float.BYTES);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
