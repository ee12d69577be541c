package org.ssasuite.leaderboards.run;

import java.lang.ref.SoftReference;
import java.util.IdentityHashMap;
import java.util.List;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/**
 * Samples of tasks as long as there is memory for them, for whoever answers few of them at a time:
 * some tasks read all of theirs anew each time. Mutable, one owner.
 */
final class KeptSamples {
  private final IdentityHashMap<Task<?>, SoftReference<List<? extends Sample>>> kept =
      new IdentityHashMap<>();

  /**
   * All that are asked.
   *
   * @param task the same
   */
  @SuppressWarnings("unchecked") // what is kept of a task is its own
  <S extends Sample> List<S> of(PlannedTask planned, Task<S> task) {
    SoftReference<List<? extends Sample>> there = kept.get(task);
    List<S> samples = there == null ? null : (List<S>) there.get();
    if (samples == null) {
      samples = planned.samples(task);
      kept.put(task, new SoftReference<>(samples));
    }
    return samples;
  }
}
