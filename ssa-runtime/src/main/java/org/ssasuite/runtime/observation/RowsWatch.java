package org.ssasuite.runtime.observation;

import java.util.List;
import org.ssasuite.runtime.graph.AttentionAsk;

/** A watch that asks the attention operator by rows of whole numbers. */
interface RowsWatch extends Watch {
  /** What it asks the operator for. */
  AttentionAsk ask();

  /**
   * Its sequence's rows of an input: one where each sequence has one, else any number, without the
   * sequence's number.
   */
  List<long[]> rows(AttentionAsk.Input input);

  @Override
  default Probe probe() {
    return new RowsProbe(ask());
  }
}
