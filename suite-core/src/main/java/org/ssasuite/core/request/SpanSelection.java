package org.ssasuite.core.request;

import java.util.BitSet;

/**
 * Whether attention took a block with a token of a stretch of the prompt: [steps, layers, KV
 * heads]. Step 0 chooses the first token of the answer, each further one the next. Immutable.
 */
public final class SpanSelection {
  private final int steps;
  private final int layers;
  private final int kvHeads;
  private final BitSet taken;

  /**
   * Copies the bits in.
   *
   * @param taken [steps, layers, kvHeads]
   */
  public SpanSelection(int steps, int layers, int kvHeads, BitSet taken) {
    if (steps < 1 || layers < 1 || kvHeads < 1) {
      throw new IllegalArgumentException(steps + " steps, " + layers + " layers, " + kvHeads);
    }
    if (taken.length() > Math.multiplyExact(Math.multiplyExact(steps, layers), kvHeads)) {
      throw new IllegalArgumentException(
          "bit " + (taken.length() - 1) + " of [" + steps + ", " + layers + ", " + kvHeads + "]");
    }
    this.steps = steps;
    this.layers = layers;
    this.kvHeads = kvHeads;
    this.taken = (BitSet) taken.clone();
  }

  public int steps() {
    return steps;
  }

  public int layers() {
    return layers;
  }

  public int kvHeads() {
    return kvHeads;
  }

  public boolean taken(int step, int layer, int kvHead) {
    return taken.get((step * layers + layer) * kvHeads + kvHead);
  }

  /** Share of layers, heads and steps that took it. */
  public double share() {
    return (double) taken.cardinality() / ((long) steps * layers * kvHeads);
  }

  /** Share of layers and heads that took it in one step. */
  public double share(int step) {
    int from = step * layers * kvHeads;
    int to = from + layers * kvHeads;
    return (double) taken.get(from, to).cardinality() / (layers * kvHeads);
  }
}
