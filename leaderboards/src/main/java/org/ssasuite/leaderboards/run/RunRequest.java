package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;

/**
 * What a user asks for; empty means: whatever the preset, the model or the task has.
 *
 * @param preset absent: {@link Preset#QUICK}, unless tasks are named
 * @param models folders or names of embedded models
 */
record RunRequest(
    Optional<Preset> preset,
    List<String> models,
    List<String> modes,
    List<String> tasks,
    Optional<String> suite,
    List<Integer> lengths,
    OptionalInt limit,
    Optional<String> rope,
    Optional<Path> data,
    int batch) {
  RunRequest {
    Objects.requireNonNull(preset);
    models = List.copyOf(new LinkedHashSet<>(models));
    modes = List.copyOf(new LinkedHashSet<>(modes));
    tasks = List.copyOf(new LinkedHashSet<>(tasks));
    Objects.requireNonNull(suite);
    lengths = List.copyOf(new LinkedHashSet<>(lengths));
    Objects.requireNonNull(limit);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(data);
    requirePositive("--batch", batch);
    limit.ifPresent(value -> requirePositive("--limit", value));
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new BadInputException(option, "must be at least 1, not " + value);
    }
  }

  /** The tasks with their windows and limits, in table order. */
  List<TaskChoice> choices() {
    List<TaskChoice> chosen =
        suite.map(Suites::tasks).orElse(tasks).stream().map(this::sized).toList();
    return (chosen.isEmpty() ? base().tasks() : chosen)
        .stream()
            .flatMap(
                choice ->
                    lengths.isEmpty()
                        ? List.of(choice).stream()
                        : lengths.stream().map(choice::withWindow))
            .map(choice -> limit.isPresent() ? choice.withLimit(limit.getAsInt()) : choice)
            .toList();
  }

  /** {@code quick}, {@code full}, or {@code custom} if the user names the tasks alone. */
  String presetText() {
    boolean named = suite.isPresent() || !tasks.isEmpty();
    return named && preset.isEmpty() ? "custom" : base().text();
  }

  private Preset base() {
    return preset.orElse(Preset.QUICK);
  }

  /** A task that a named preset holds has the preset's size, any other one its own. */
  private TaskChoice sized(String task) {
    return preset.stream()
        .flatMap(named -> named.tasks().stream())
        .filter(choice -> choice.name().equals(task))
        .findFirst()
        .orElse(TaskChoice.whole(task));
  }
}
