package org.ssasuite.core.report;

/** What a cell has to be read with. */
public enum Mark {
  HIGHER_IS_BETTER("↑"),
  LOWER_IS_BETTER("↓"),
  /** Too few documents for a bootstrap over them. */
  FEW_DOCUMENTS("†"),
  /** Guessing explains the figure. */
  HOLDS_CHANCE("§"),
  /** Samples without a score. */
  INCOMPLETE("‡");

  private final String sign;

  Mark(String sign) {
    this.sign = sign;
  }

  /** What stands behind a figure in a table. */
  public String sign() {
    return sign;
  }
}
