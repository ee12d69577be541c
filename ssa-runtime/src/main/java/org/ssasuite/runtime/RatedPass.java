package org.ssasuite.runtime;

/** How the last tokens of a pass were rated, each given all before it. */
interface RatedPass {
  /** Nats, an entry a rated token; not to be changed. */
  float[] logProbability();

  /**
   * Whether each of them was the most probable one.
   *
   * @param targets the rated tokens
   */
  boolean greedy(int[] targets);
}
