package org.ssasuite.core.catalogue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ssasuite.core.task.Variant;

/**
 * One task as it is asked for. It is complete once {@link TaskOffer#completed} has put in what the
 * task has of its own: then the same task comes of it again, whatever else changes its defaults.
 *
 * @param task its name
 * @param length tokens of a pass, a prompt or a sample
 * @param shots solved records before each question
 * @param seed of what is drawn
 * @param limit the first so many samples; absent: all
 * @param own what only tasks of its module know, each with its values, as texts and names of files
 */
public record TaskOrder(
    String task,
    OptionalInt length,
    OptionalInt shots,
    OptionalLong seed,
    OptionalInt limit,
    Map<String, List<String>> own) {
  public TaskOrder {
    Objects.requireNonNull(task);
    requireAtLeast("length", length, 1);
    requireAtLeast("shots", shots, 0);
    requireAtLeast("limit", limit, 1);
    if (seed.isPresent() && seed.getAsLong() < 0) {
      throw new IllegalArgumentException("seed of " + task + ": " + seed.getAsLong());
    }
    Map<String, List<String>> copy = new TreeMap<>();
    own.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    own = Collections.unmodifiableMap(copy);
  }

  private static void requireAtLeast(String what, OptionalInt value, int least) {
    if (value.isPresent() && value.getAsInt() < least) {
      throw new IllegalArgumentException("a " + what + " of " + value.getAsInt());
    }
  }

  /** A task of which nothing is said. */
  public static TaskOrder of(String task) {
    return new TaskOrder(
        task,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        Map.of());
  }

  /** The same under the name that the catalogue has for it. */
  TaskOrder named(String name) {
    return new TaskOrder(name, length, shots, seed, limit, own);
  }

  /** Whether what a variant shows is this order's. */
  public boolean isShownBy(Variant variant) {
    return (variant.length().isEmpty() || variant.length().equals(length))
        && (variant.shots().isEmpty() || variant.shots().equals(shots))
        && (variant.seed().isEmpty() || variant.seed().equals(seed));
  }

  /** The same at a length. */
  public TaskOrder withLength(int tokens) {
    return new TaskOrder(task, OptionalInt.of(tokens), shots, seed, limit, own);
  }

  /** The same with so many shots. */
  public TaskOrder withShots(int records) {
    return new TaskOrder(task, length, OptionalInt.of(records), seed, limit, own);
  }

  /** The same with a seed. */
  public TaskOrder withSeed(long value) {
    return new TaskOrder(task, length, shots, OptionalLong.of(value), limit, own);
  }

  /** The same, the first so many samples of it. */
  public TaskOrder withLimit(int samples) {
    return new TaskOrder(task, length, shots, seed, OptionalInt.of(samples), own);
  }

  /** The same with what only tasks of its module know. */
  public TaskOrder withOwn(Map<String, List<String>> values) {
    return new TaskOrder(task, length, shots, seed, limit, new TreeMap<>(values));
  }
}
