package org.ssasuite.tasks.longbench;

/** LongBench-E's buckets of a record's own {@code length}: words, characters in Chinese. */
enum LengthBucket {
  SHORT("0-4k", 4000),
  MEDIUM("4-8k", 8000),
  LONG("8k+", Double.POSITIVE_INFINITY);

  private final String text;
  private final double below;

  LengthBucket(String text, double below) {
    this.text = text;
    this.below = below;
  }

  static LengthBucket of(double length) {
    if (length < SHORT.below) {
      return SHORT;
    }
    return length < MEDIUM.below ? MEDIUM : LONG;
  }

  /** The key in upstream's results. */
  String text() {
    return text;
  }
}
