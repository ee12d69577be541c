package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.RuntimeOptions;
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
  private final OnnxSession.Weight head;
  private final PagePool pool;
  private final ModelRun run;
  private final PageTable pages = new PageTable(CachedRunner.MOST_PAGES);

  private HiddenReader(
      Checkpoint checkpoint, OnnxSession.Weight head, PagePool pool, ModelRun run) {
    this.checkpoint = checkpoint;
    this.head = head;
    this.pool = pool;
    this.run = run;
  }

  /** Loads the weights. On the CPU. */
  static HiddenReader open(
      Checkpoint checkpoint, RuntimeOptions options, Optional<RopeScaling> rope) {
    Map<String, OnnxSession.Weight> weights = new LinkedHashMap<>(SsaModel.weights(checkpoint));
    String headName = checkpoint.layout().head().name();
    OnnxSession.Weight head = weights.get(headName);
    if (!headName.equals(checkpoint.layout().get(ModelLayout.Role.EMBEDDING).name())) {
      weights.remove(headName);
    }
    PagePool pool = SsaModel.pool(checkpoint.config(), options);
    try {
      byte[] graph =
          ModelGraph.writeHeadless(
              checkpoint.config(), checkpoint.layout(), options.isa(), pool.id());
      ModelRun run =
          new ModelRun(
              checkpoint.config(),
              rope.orElse(checkpoint.config().ropeScaling()),
              OnnxSession.open(graph, weights, options),
              RunSize.on(options.device()));
      return new HiddenReader(checkpoint, head, pool, run);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /** The vocabulary head [V, E]; the caller closes it, and before the reader. */
  OnnxTensor head() {
    return OnnxSession.tensorOver(((FloatBuffer) head.values()).duplicate(), head.shape());
  }

  PageTable.Sequence begin() {
    return pages.open();
  }

  /**
   * Puts the next tokens of a sequence through the model.
   *
   * @return [n, E] what the vocabulary head reads for each of them
   */
  float[] next(PageTable.Sequence sequence, int[] tokens, AttentionMode mode) {
    int past = sequence.tokens();
    List<PageTable.Copy> copies = new ArrayList<>();
    pages.extend(sequence, tokens.length).ifPresent(copies::add);
    List<Slice.Row> rows = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      rows.add(new Slice.Row(i, 0));
    }
    Slice slice = new Slice(sequence, past, tokens, rows, List.of(), ForcedBlocks.NONE);
    return run.ratedHidden(new ModelRun.Job(List.of(slice), copies, false), mode);
  }

  void end(PageTable.Sequence sequence) {
    pages.close(sequence);
  }

  @Override
  public void close() {
    run.close();
    pool.close();
  }
}
