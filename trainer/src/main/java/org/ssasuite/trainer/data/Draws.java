package org.ssasuite.trainer.data;

import org.ssasuite.runtime.random.RandomStreams;

/** The values of one random stream, one after the other. Mutable, one owner. */
final class Draws {
  private final RandomStreams.Stream stream;
  private long drawn;

  Draws(long seed, String name) {
    this.stream = new RandomStreams(seed).named(name);
  }

  /** A number in [0, 1). */
  double unit() {
    return stream.unit(drawn++);
  }

  /** A whole number of 0 to {@code bound} − 1, each as likely as the others to 2⁻³². */
  int below(int bound) {
    return (int) Long.remainderUnsigned(stream.bits(drawn++), bound);
  }

  /** A whole number of {@code least} to {@code most}. */
  int between(int least, int most) {
    return least + below(most - least + 1);
  }
}
