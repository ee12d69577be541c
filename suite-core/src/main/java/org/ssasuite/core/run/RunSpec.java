package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that can change a run's result.
 *
 * @param preset {@code quick}, {@code full} or {@code custom}
 * @param models names of embedded models or folders, in table order
 * @param modes text forms of attention modes; empty: the modes that each model has
 * @param tasks names of tasks, in table order
 * @param lengths window lengths in tokens; empty: the tasks' own
 * @param shots solved examples before each question; absent: the tasks' own
 * @param seeds seeds of what tasks draw; empty: none draws anything
 * @param limit the first so many samples of each task
 * @param rope rope scaling as {@code default} or {@code llama3:4}; absent: what the config states
 * @param data folder with the user's data sets; absent: the embedded ones
 * @param device {@code cpu} or {@code cuda}
 * @param precision {@code fp32}, {@code bf16} or {@code fp16}
 * @param batch samples whose requests are answered together; never changes a result
 * @param threads threads of the kernels; never changes a result
 * @param chunk the most tokens of one sequence that go through the model at once; never changes a
 *     result
 * @param sharing whether what several requests begin with is computed once; never changes a result
 * @param ruler what was said about RULER; absent without such a task
 */
public record RunSpec(
    String preset,
    List<String> models,
    List<String> modes,
    List<String> tasks,
    List<Integer> lengths,
    OptionalInt shots,
    List<Long> seeds,
    OptionalInt limit,
    Optional<String> rope,
    Optional<String> data,
    String device,
    String precision,
    int batch,
    int threads,
    int chunk,
    boolean sharing,
    Optional<RulerSpec> ruler) {
  /** Of runs whose files do not state it. */
  static final int STANDARD_CHUNK = 4_096;

  public RunSpec {
    Objects.requireNonNull(preset);
    models = List.copyOf(models);
    modes = List.copyOf(modes);
    tasks = List.copyOf(tasks);
    lengths = List.copyOf(lengths);
    Objects.requireNonNull(shots);
    seeds = List.copyOf(seeds);
    Objects.requireNonNull(limit);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(data);
    Objects.requireNonNull(device);
    Objects.requireNonNull(ruler);
    Objects.requireNonNull(precision);
    if (limit.isPresent() && limit.getAsInt() < 1) {
      throw new IllegalArgumentException("a limit of " + limit.getAsInt() + " samples");
    }
    if (shots.isPresent() && shots.getAsInt() < 0) {
      throw new IllegalArgumentException(shots.getAsInt() + " shots");
    }
    if (lengths.stream().anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException("lengths " + lengths);
    }
    if (batch < 1 || threads < 1 || chunk < 1) {
      throw new IllegalArgumentException(
          "batch " + batch + ", threads " + threads + ", chunk " + chunk);
    }
  }
}
