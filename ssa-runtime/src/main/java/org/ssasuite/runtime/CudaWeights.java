package org.ssasuite.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.onnx.OnnxSession;

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
    ModelConfig config = checkpoint.config();
    add("model.embed_tokens.weight", checkpoint.tensor("model.embed_tokens.weight"));
    addWide("model.norm.weight");
    if (!config.tied()) {
      add(checkpoint.head().name(), checkpoint.head());
    }
    List<String> projections =
        Stream.of("q_proj", "k_proj", "v_proj", "g_proj")
            .filter(part -> checkpoint.gated() || !part.equals("g_proj"))
            .map(part -> "self_attn." + part)
            .toList();
    for (int layer = 0; layer < config.layers(); layer++) {
      addWide(Checkpoint.layerWeight(layer, "input_layernorm"));
      addWide(Checkpoint.layerWeight(layer, "post_attention_layernorm"));
      add(CudaGraph.packedProjection(layer), layer, projections);
      add(CudaGraph.gateUpProjection(layer), layer, List.of("mlp.gate_proj", "mlp.up_proj"));
      for (String part : List.of("self_attn.o_proj", "mlp.down_proj")) {
        add(Checkpoint.layerWeight(layer, part), layer, List.of(part));
      }
    }
    return weights;
  }

  private void addWide(String name) {
    StoredTensor tensor = checkpoint.tensor(name);
    weights.put(name, new OnnxSession.Weight(tensor.floats(), tensor.shape()));
  }

  private void add(String name, int layer, List<String> parts) {
    add(
        name,
        parts.stream()
            .map(part -> checkpoint.tensor(Checkpoint.layerWeight(layer, part)))
            .toArray(StoredTensor[]::new));
  }

  /** The rows of one tensor, then those of the next. */
  private void add(String name, StoredTensor... tensors) {
    GraphBuilder.Type type = GraphBuilder.Type.of(precision);
    long[] shape = tensors[0].shape();
    shape[0] = Stream.of(tensors).mapToLong(tensor -> tensor.shape()[0]).sum();
    long bytes = Math.multiplyExact(Math.multiplyExact(shape[0], shape[1]), type.bytes());
    if (bytes > Integer.MAX_VALUE - PIECE) {
      throw new BadInputException(
          checkpoint.folder(),
          name + " has " + bytes + " bytes; 2 GiB are the limit for one tensor");
    }
    Optional<ByteBuffer> stored =
        tensors.length == 1 && tensors[0].type() == precision.stored()
            ? tensors[0].inPlace()
            : Optional.empty();
    ByteBuffer values = stored.orElseGet(() -> joined(tensors, (int) bytes));
    weights.put(name, new OnnxSession.Weight(values, type, shape));
  }

  private ByteBuffer joined(StoredTensor[] tensors, int bytes) {
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
    if (tensor.type() == precision.stored() && to.order() == ByteOrder.LITTLE_ENDIAN) {
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
