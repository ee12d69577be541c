package org.ssasuite.runtime.jinja;

import java.util.AbstractList;

/** Python's range, of which a sandbox allows 100,000 numbers. */
final class Range extends AbstractList<Object> {
  private static final long MOST = 100_000;

  private final long from;
  private final long to;
  private final long step;
  private final int size;

  Range(long from, long to, long step) {
    if (step == 0) {
      throw TemplateFault.of("range() with a step of 0");
    }
    this.from = from;
    this.to = to;
    this.step = step;
    double numbers = Math.ceil(((double) to - from) / step);
    if (numbers > MOST) {
      throw TemplateFault.of("range() of more than " + MOST + " numbers");
    }
    this.size = Math.max(0, (int) numbers);
  }

  @Override
  public Object get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return from + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  /** As Python shows it. */
  String text() {
    return "range(" + from + ", " + to + (step == 1 ? "" : ", " + step) + ")";
  }
}
