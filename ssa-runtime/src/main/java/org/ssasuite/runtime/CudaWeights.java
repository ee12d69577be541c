package org.ssasuite.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.graph.GraphWeights;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.operator.CudaLimits;

/**
 * A checkpoint's weights as {@link CudaGraph} wants them: rounded, and those of one input joined.
 */
final class CudaWeights {
  private static final int PIECE = 1 << 16;

  private final Checkpoint checkpoint;
  private final Precision precision;
  private final Map<String, OnnxSession.Weight> weights = new LinkedHashMap<>();

  private CudaWeights(Checkpoint checkpoint, Precision precision) {
    this.checkpoint = checkpoint;
    this.precision = precision;
  }

  /**
   * Reads and converts them.
   *
   * @throws BadInputException for corrupt or non-finite weights, some too large for the precision,
   *     or a shape that the kernels do not have
   */
  static Map<String, OnnxSession.Weight> of(Checkpoint checkpoint, Precision precision) {
    CudaLimits.requireModel(checkpoint);
    return new CudaWeights(checkpoint, precision).all();
  }

  private Map<String, OnnxSession.Weight> all() {
    GraphBuilder.Type type = GraphBuilder.Type.of(precision);
    for (GraphWeights.Weight weight : GraphWeights.joint(checkpoint.layout(), type).all()) {
      ModelLayout.Tensor first = weight.parts().get(0);
      if (first.role().isNorm()) {
        FloatBuffer values = checkpoint.tensor(first.name()).floats();
        weights.put(weight.name(), new OnnxSession.Weight(values, weight.shape()));
      } else {
        weights.put(weight.name(), narrow(weight));
      }
    }
    return weights;
  }

  /** The rows of one tensor, then those of the next. */
  private OnnxSession.Weight narrow(GraphWeights.Weight weight) {
    List<StoredTensor> tensors =
        weight.parts().stream().map(part -> checkpoint.tensor(part.name())).toList();
    long[] shape = weight.shape();
    long bytes = Arrays.stream(shape).reduce(weight.type().bytes(), Math::multiplyExact);
    if (bytes > Integer.MAX_VALUE - PIECE) {
      throw new BadInputException(
          checkpoint.folder(),
          weight.name() + " has " + bytes + " bytes; 2 GiB are the limit for one tensor");
    }
    Optional<ByteBuffer> stored =
        tensors.size() == 1 && tensors.get(0).type() == precision
            ? tensors.get(0).inPlace()
            : Optional.empty();
    ByteBuffer values = stored.orElseGet(() -> joined(tensors, (int) bytes));
    return new OnnxSession.Weight(values, weight.type(), shape);
  }

  private ByteBuffer joined(List<StoredTensor> tensors, int bytes) {
    ByteBuffer to = direct(bytes);
    for (StoredTensor tensor : tensors) {
      put(tensor, to);
    }
    return to.flip();
  }

  private ByteBuffer direct(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw new BadInputException(
          checkpoint.folder().toString(),
          "its weights in "
              + precision.text()
              + " take "
              + ((checkpoint.parameters() * precision.bytes()) >> 20)
              + " MiB of this process's memory, which has no more: -XX:MaxDirectMemorySize",
          e);
    }
  }

  private void put(StoredTensor tensor, ByteBuffer to) {
    if (tensor.type() == precision && to.order() == ByteOrder.LITTLE_ENDIAN) {
      tensor.copyTo(to);
      return;
    }
    FloatBuffer from = tensor.floats();
    float[] piece = new float[PIECE];
    while (from.hasRemaining()) {
      int n = Math.min(PIECE, from.remaining());
      from.get(piece, 0, n);
      requireFinite(tensor, piece, n);
      precision.put(piece, n, to);
    }
  }

  private void requireFinite(StoredTensor tensor, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      if (Float.isInfinite(precision.rounded(values[i]))) {
        throw new BadInputException(
            checkpoint.folder(),
            "tensor '"
                + tensor.name()
                + "' holds "
                + values[i]
                + ", too large for "
                + precision.text());
      }
    }
  }
}
