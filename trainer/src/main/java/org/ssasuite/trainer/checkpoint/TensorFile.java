package org.ssasuite.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.SafetensorsWriter;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.trainer.engine.Engine;

/** Writes tensors of libtorch, wherever they lie, as a safetensors file of fp32. */
public final class TensorFile {
  private static final long PIECE = 1L << 20;

  private TensorFile() {}

  /**
   * Writes a new file through to the disk.
   *
   * @param tensors by name, contiguous; the file's order
   * @throws BadInputException if it exists or cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, shape(tensor)));
    try {
      SafetensorsWriter.write(
          file, Precision.FP32, shapes, (name, to) -> put(tensors.get(name).flatten(), to));
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static List<Long> shape(Tensor tensor) {
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < tensor.dim(); axis++) {
      shape.add(tensor.size(axis));
    }
    return shape;
  }

  private static void put(Tensor flat, SafetensorsWriter.Sink to) throws IOException {
    for (long from = 0; from < flat.numel(); from += PIECE) {
      float[] values = Engine.floats(flat.narrow(0, from, Math.min(PIECE, flat.numel() - from)));
      to.put(values, values.length);
    }
  }
}
