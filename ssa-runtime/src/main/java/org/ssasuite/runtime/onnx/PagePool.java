package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.graph.OperatorGraph;

/**
 * Pages of the key/value cache, whose memory the operator library owns. A page gets memory when it
 * is first written and keeps it until the pool is closed. Mutable outside of Java: one owner.
 */
public final class PagePool implements AutoCloseable {
  private static final long CREATE = 0;
  private static final long REPORT = 1;
  private static final long DESTROY = 2;
  private static final AtomicLong NEXT_ID = new AtomicLong();

  private final long id;
  private final OnnxSession session;

  private PagePool(long id, OnnxSession session) {
    this.id = id;
    this.session = session;
  }

  /**
   * What a page holds, per token: a key and a value per layer and KV head.
   *
   * @param valueSums whether sums of values are kept too, for NSA's compressed branch
   */
  public record Shape(int layers, int kvHeads, int headDim, boolean valueSums) {}

  /**
   * What a pool takes, and how the selections on its pages came about since it was made.
   *
   * @param pages pages that have memory
   * @param bytes of all of them
   * @param proved (token, KV head, layer) triples whose blocks were chosen in fp32 with a proof
   * @param exact those whose blocks had to be chosen in fp64
   */
  public record Report(long pages, long bytes, long proved, long exact) {}

  /** A pool without any memory yet. */
  public static PagePool create(Shape shape, int mostPages, RuntimeOptions options) {
    OnnxSession session = OnnxSession.open(OperatorGraph.pool(), Map.of(), options);
    PagePool pool = new PagePool(NEXT_ID.getAndIncrement(), session);
    try {
      pool.command(
          CREATE,
          pool.id,
          shape.layers(),
          shape.kvHeads(),
          shape.headDim(),
          shape.valueSums() ? 1 : 0,
          mostPages);
      return pool;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** The number that attention nodes name it by. */
  public long id() {
    return id;
  }

  public Report report() {
    return command(REPORT, id);
  }

  private Report command(long... words) {
    try (OnnxTensor tensor = OnnxSession.tensor(words)) {
      return session.run(
          Map.of("command", tensor),
          Set.of("report"),
          outputs -> {
            long[] report = outputs.longs("report");
            return new Report(report[0], report[1], report[3], report[4]);
          });
    }
  }

  @Override
  public void close() {
    command(DESTROY, id);
    session.close();
  }
}
