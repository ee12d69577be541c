package org.ssasuite.runtime.observation;

import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * What a run gave of one of its sequences.
 *
 * @param sequence its number among the run's
 * @param firstRow its first token's row in outputs of a row per token
 * @param positions of its tokens
 */
public record RunPart(RunOutputs outputs, int sequence, int firstRow, QueryRange positions) {
  /** What the attention operator was asked for, of a layer and all sequences of the run. */
  double[] figures(AttentionAsk ask, int layer) {
    return outputs.doubles(ask.output(layer));
  }

  /**
   * The first row of this sequence where each has as many as it asked for: sequences take theirs
   * once, in their order.
   */
  int firstFigure(AttentionAsk ask, int rows) {
    return outputs.next(ask.output(0), rows);
  }
}
