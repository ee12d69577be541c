package org.ssasuite.core.report;

/** What numbers of a column or an axis count. */
public enum Unit {
  /** Nothing, or something else in each row, which names it. */
  NONE(""),
  PERCENT("%"),
  TOKENS("tokens"),
  SAMPLES("samples"),
  DOCUMENTS("documents"),
  TASKS("tasks"),
  NATS_PER_TOKEN("nats/token"),
  BITS_PER_BYTE("bits/byte"),
  TOKENS_PER_SECOND("tokens/s");

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  /** As people read it. */
  public String text() {
    return text;
  }
}
