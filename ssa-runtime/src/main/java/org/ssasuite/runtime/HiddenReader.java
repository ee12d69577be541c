package org.ssasuite.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.PagePool;

/**
 * A model without its vocabulary head: sequences grow chunk by chunk, each in a mode of its own,
 * and every token's row before the head comes back. Mutable: one owner, one call at a time, closed
 * once.
 */
final class HiddenReader implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Precision precision;
  private final Supplier<OnnxSession.Weight> head;
  private final ModelRun run;
  private final PageTable pages;
  private final List<String> outputs = new ArrayList<>(List.of(ModelGraph.RATED_HIDDEN));
  private final IntConsumer counting;
  private final Optional<PagePool> owned;

  private HiddenReader(
      Checkpoint checkpoint,
      Precision precision,
      Supplier<OnnxSession.Weight> head,
      ModelRun run,
      PageTable pages,
      IntConsumer counting,
      Optional<PagePool> owned) {
    this.checkpoint = checkpoint;
    this.precision = precision;
    this.head = head;
    this.run = run;
    this.pages = pages;
    this.counting = counting;
    this.owned = owned;
  }

  /**
   * Rows of tokens.
   *
   * @param hidden [n, E] what the vocabulary head reads
   * @param layers of each layer [n, E] the residual stream that leaves it; none unless asked for
   */
  // Arrays on purpose: large, and compared by nobody.
  @SuppressWarnings("ArrayRecordComponent")
  record Rows(float[] hidden, List<float[]> layers) {
    Rows {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Loads the weights.
   *
   * @param layers whether what leaves each layer is wanted too
   */
  static HiddenReader open(
      Checkpoint checkpoint, RuntimeOptions options, Optional<RopeScaling> rope, boolean layers) {
    boolean cuda = options.device() == Device.CUDA;
    ModelLayout layout = checkpoint.layout();
    Map<String, OnnxSession.Weight> weights =
        new LinkedHashMap<>(
            cuda ? CudaWeights.of(checkpoint, options.precision()) : SsaModel.weights(checkpoint));
    String headName = layout.head().name();
    OnnxSession.Weight head = weights.get(headName);
    if (!headName.equals(layout.get(ModelLayout.Role.EMBEDDING).name())) {
      weights.remove(headName);
    }
    PagePool pool = SsaModel.pool(checkpoint.config(), options);
    try {
      byte[] graph =
          cuda
              ? CudaGraph.writeHeadless(
                  checkpoint.config(), layout, options.precision(), pool.id(), layers)
              : ModelGraph.writeHeadless(
                  checkpoint.config(), layout, options.isa(), pool.id(), layers);
      ModelRun run =
          new ModelRun(
              checkpoint,
              rope.orElse(checkpoint.config().ropeScaling()),
              OnnxSession.open(graph, weights, options),
              RunSize.on(options.device()));
      HiddenReader reader =
          new HiddenReader(
              checkpoint,
              options.precision(),
              () -> head,
              run,
              new PageTable(CachedRunner.MOST_PAGES),
              tokens -> {},
              Optional.of(pool));
      for (int layer = 0; layers && layer < checkpoint.config().layers(); layer++) {
        reader.outputs.add(ModelGraph.afterLayer(layer));
      }
      return reader;
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /**
   * A reader over a model that is loaded already, which stays its owner's.
   *
   * @param source gives the vocabulary head, [V, E] fp32
   * @param counting takes the tokens of each run
   */
  static HiddenReader over(
      Checkpoint checkpoint,
      Precision precision,
      Supplier<FloatBuffer> source,
      ModelRun run,
      PageTable pages,
      IntConsumer counting) {
    long[] shape = checkpoint.head().shape();
    return new HiddenReader(
        checkpoint,
        precision,
        () ->
            precision == Precision.FP32
                ? new OnnxSession.Weight(source.get(), shape)
                : rounded(source.get(), precision, precision, shape),
        run,
        pages,
        counting,
        Optional.empty());
  }

  /** The vocabulary head [V, E] in the reader's precision; there as long as the reader. */
  OnnxSession.Weight head() {
    return head.get();
  }

  /** The same numbers in fp32. */
  OnnxSession.Weight wideHead() {
    return precision == Precision.FP32
        ? head()
        : rounded(checkpoint.head().floats(), precision, Precision.FP32, checkpoint.head().shape());
  }

  /** Numbers of one format, in another one that has them all. */
  private static OnnxSession.Weight rounded(
      FloatBuffer from, Precision precision, Precision as, long[] shape) {
    ByteBuffer to =
        ByteBuffer.allocateDirect(Math.multiplyExact(from.remaining(), as.bytes()))
            .order(ByteOrder.nativeOrder());
    while (from.hasRemaining()) {
      as.put(precision.rounded(from.get()), to);
    }
    return new OnnxSession.Weight(to.flip(), GraphBuilder.Type.of(as), shape);
  }

  /** The most tokens of one call, where a user asks for so many. */
  int chunk(int asked) {
    return run.size().chunk(asked);
  }

  PageTable.Sequence begin() {
    return pages.open();
  }

  /** Puts the next tokens of a sequence through the model. */
  Rows next(PageTable.Sequence sequence, int[] tokens, AttentionMode mode) {
    int past = sequence.tokens();
    List<PageTable.Copy> copies = new ArrayList<>();
    pages.extend(sequence, tokens.length).ifPresent(copies::add);
    List<Slice.Row> rows = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      rows.add(new Slice.Row(i, 0));
    }
    Slice slice = new Slice(sequence, past, tokens, rows, List.of(), ForcedBlocks.NONE);
    counting.accept(tokens.length);
    List<float[]> read =
        run.outputs(new ModelRun.Job(List.of(slice), copies, false), mode, outputs);
    int values = Math.multiplyExact(tokens.length, checkpoint.config().hidden());
    // What is behind is padding.
    List<float[]> layers =
        read.subList(1, read.size()).stream()
            .map(all -> all.length == values ? all : Arrays.copyOf(all, values))
            .toList();
    return new Rows(read.get(0), layers);
  }

  void end(PageTable.Sequence sequence) {
    pages.close(sequence);
  }

  @Override
  public void close() {
    owned.ifPresent(
        pool -> {
          run.close();
          pool.close();
        });
  }
}
