package org.ssasuite.core.task;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * In what a task of a run differs from the task of its name, as far as its name in tables says so.
 *
 * @param length tokens, where a run has the task at several lengths
 * @param shots solved records before each question, where they are not the task's own number
 * @param seed of what is drawn, where it is not the task's own
 */
public record Variant(OptionalInt length, OptionalInt shots, OptionalLong seed) {
  /** The task as it defines itself. */
  public static final Variant NONE =
      new Variant(OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty());

  public Variant {
    Objects.requireNonNull(length);
    Objects.requireNonNull(shots);
    Objects.requireNonNull(seed);
    if (length.orElse(1) < 1 || shots.orElse(0) < 0 || seed.orElse(0) < 0) {
      throw new IllegalArgumentException("length " + length + ", " + shots + ", seed " + seed);
    }
  }

  /** How much of an order it shows. */
  public int shown() {
    return (length.isPresent() ? 1 : 0) + (shots.isPresent() ? 1 : 0) + (seed.isPresent() ? 1 : 0);
  }

  /** What stands behind the task's name, as {@code @4096}, {@code @2-shot@seed-12}. */
  String suffix() {
    return (length.isPresent() ? "@" + length.getAsInt() : "")
        + (shots.isPresent() ? "@" + shots.getAsInt() + "-shot" : "")
        + (seed.isPresent() ? "@seed-" + seed.getAsLong() : "");
  }
}
