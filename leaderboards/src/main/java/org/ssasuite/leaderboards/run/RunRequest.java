package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunPart;

/**
 * What a user asks for; empty means: whatever the preset, the model or the task has.
 *
 * @param preset absent: {@link Preset#STANDARD}, unless tasks are named
 * @param models folders or names of embedded models
 * @param wishes what is said about all tasks
 * @param cache where samples are kept; changes no result
 * @param observe what is noted of attention
 * @param attribution whether failed samples are told apart by where attention looked
 */
record RunRequest(
    Optional<Preset> preset,
    List<String> models,
    List<String> modes,
    List<String> tasks,
    Optional<String> suite,
    Wishes wishes,
    Optional<String> rope,
    Optional<Path> data,
    int batch,
    Path cache,
    Optional<StatisticsObservation> observe,
    boolean attribution) {
  RunRequest {
    Objects.requireNonNull(preset);
    models = List.copyOf(new LinkedHashSet<>(models));
    modes = List.copyOf(new LinkedHashSet<>(modes));
    tasks = List.copyOf(new LinkedHashSet<>(tasks));
    Objects.requireNonNull(suite);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(data);
    Objects.requireNonNull(cache);
    Objects.requireNonNull(observe);
    requireAtLeast("--batch", batch, 1);
    requireAtLeast("--limit", wishes.limit(), 1);
    requireAtLeast("--shots", wishes.shots(), 0);
    wishes.lengths().forEach(length -> requireAtLeast("--lengths", length, 1));
    wishes.seeds().forEach(seed -> requireAtLeast("--seeds", seed, 0));
  }

  /** Nothing is observed. */
  RunRequest(
      Optional<Preset> preset,
      List<String> models,
      List<String> modes,
      List<String> tasks,
      Optional<String> suite,
      Wishes wishes,
      Optional<String> rope,
      Optional<Path> data,
      int batch,
      Path cache) {
    this(
        preset,
        models,
        modes,
        tasks,
        suite,
        wishes,
        rope,
        data,
        batch,
        cache,
        Optional.empty(),
        false);
  }

  private static void requireAtLeast(String option, OptionalInt value, int least) {
    value.ifPresent(stated -> requireAtLeast(option, stated, least));
  }

  private static void requireAtLeast(String option, long value, int least) {
    if (value < least) {
      throw new BadInputException(option, "must be at least " + least + ", not " + value);
    }
  }

  /**
   * The tasks that are asked for, in table order, as far as the preset says how.
   *
   * @throws BadInputException for a name that no task or suite has
   */
  List<TaskOrder> orders(Catalogue catalogue, Supplies supplies) {
    List<String> named =
        suite
            .map(
                name ->
                    catalogue.suite(name, wishes, supplies).stream().map(TaskOffer::name).toList())
            .orElse(tasks);
    return named.isEmpty() ? base().tasks() : named.stream().map(this::sized).toList();
  }

  /** Rope scaling by the user, else by the preset. */
  Optional<String> ropeText() {
    return rope.or(() -> preset.flatMap(Preset::rope));
  }

  /** The preset, or {@code custom} if the user names the tasks alone. */
  String presetText() {
    boolean named = suite.isPresent() || !tasks.isEmpty();
    return named && preset.isEmpty() ? "custom" : base().text();
  }

  /** Which models and modes each task has, where the preset says so. */
  List<RunPart> parts() {
    boolean named = suite.isPresent() || !tasks.isEmpty();
    return named ? List.of() : base().parts();
  }

  private Preset base() {
    return preset.orElse(Preset.STANDARD);
  }

  /** A task that a named preset holds has the preset's size, any other one its own. */
  private TaskOrder sized(String task) {
    return preset.stream()
        .flatMap(named -> named.tasks().stream())
        .filter(order -> order.task().equals(task))
        .findFirst()
        .orElse(TaskOrder.of(task));
  }
}
