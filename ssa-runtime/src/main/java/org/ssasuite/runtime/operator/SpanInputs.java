package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * The values of the inputs by which a graph tells masses on stretches of keys, and by which it
 * takes blocks before others.
 */
public final class SpanInputs {
  private static final int COLUMNS = 3;

  private SpanInputs() {}

  /**
   * A stretch of a sequence's keys.
   *
   * @param sequence its number among the run's
   * @param from its first key, by position
   * @param to the key behind its last
   */
  public record KeySpan(int sequence, int from, int to) {}

  /**
   * A block that is taken before others.
   *
   * @param sequence its number among the run's
   * @param block within the sequence
   * @param firstQuery by position; queries before it choose freely
   */
  public record ForcedBlock(int sequence, int block, int firstQuery) {}

  /** Where nothing is asked: they have no elements. */
  static Map<String, OnnxTensor> nothing() {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(ObservedGraph.SPAN_QUERIES, OnnxSession.table(new long[0], 0, 2));
    inputs.put(ObservedGraph.SPANS, OnnxSession.table(new long[0], 0, COLUMNS));
    inputs.put(ObservedGraph.FORCED, forced(List.of()));
    return inputs;
  }

  /**
   * What asks for masses.
   *
   * @param queries [S] of each sequence
   * @param spans by sequence
   */
  public static Map<String, OnnxTensor> of(List<QueryRange> queries, List<KeySpan> spans) {
    long[] ends = new long[2 * queries.size()];
    for (int s = 0; s < queries.size(); s++) {
      ends[2 * s] = queries.get(s).from();
      ends[2 * s + 1] = queries.get(s).to();
    }
    long[] rows = new long[COLUMNS * spans.size()];
    for (int i = 0; i < spans.size(); i++) {
      rows[COLUMNS * i] = spans.get(i).sequence();
      rows[COLUMNS * i + 1] = spans.get(i).from();
      rows[COLUMNS * i + 2] = spans.get(i).to();
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(ObservedGraph.SPAN_QUERIES, OnnxSession.table(ends, queries.size(), 2));
    inputs.put(ObservedGraph.SPANS, OnnxSession.table(rows, spans.size(), COLUMNS));
    return inputs;
  }

  /**
   * What says which blocks are taken.
   *
   * @param blocks by sequence
   */
  public static OnnxTensor forced(List<ForcedBlock> blocks) {
    long[] rows = new long[COLUMNS * blocks.size()];
    for (int i = 0; i < blocks.size(); i++) {
      rows[COLUMNS * i] = blocks.get(i).sequence();
      rows[COLUMNS * i + 1] = blocks.get(i).block();
      rows[COLUMNS * i + 2] = blocks.get(i).firstQuery();
    }
    return OnnxSession.table(rows, blocks.size(), COLUMNS);
  }
}
