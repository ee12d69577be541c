package org.ssasuite.tasks.ruler.generator;

import java.util.Objects;
import java.util.OptionalInt;

/** Makes the samples of a task one after the other. Mutable (random generators): one owner. */
public interface SampleGenerator {
  /** The next sample. The draws that find its size are made before the first one. */
  Generated next();

  /** How many there are; absent: as many as are asked for. */
  default OptionalInt most() {
    return OptionalInt.empty();
  }

  /**
   * A sample and what is left to check of it.
   *
   * @param counted the text whose tokens made it fit
   * @param tokens that were counted
   */
  record Generated(RulerSample sample, String counted, int tokens) {
    public Generated {
      Objects.requireNonNull(sample);
      Objects.requireNonNull(counted);
    }
  }
}
