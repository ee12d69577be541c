package org.ssasuite.runtime.statistics;

/** Statistics that are made together; a reader pays for those that are asked for. */
public enum StatisticGroup {
  /** Mass on the first and the last positions, entropy, effective keys. */
  SINKS(1),
  /** What block budgets hold of full attention's mass, and what they could hold. */
  CAPTURE(2),
  /** What leaving the other blocks out costs, and the theorem's bound on it. */
  ERROR(4);

  private final int code;

  StatisticGroup(int code) {
    this.code = code;
  }

  /** What the operators call it. */
  int code() {
    return code;
  }
}
