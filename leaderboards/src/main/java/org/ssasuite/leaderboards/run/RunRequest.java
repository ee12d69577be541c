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
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunPart;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.Serving;
import org.ssasuite.core.run.items.ItemLog;

/**
 * What a user asks for; empty means: whatever the preset, the model or the task has.
 *
 * @param preset absent: {@link Preset#STANDARD}, unless tasks are named
 * @param models folders or names of embedded models
 * @param names what they are called, in the same order; none: by their folders
 * @param tasks in table order; none: those of the preset
 * @param wishes what is said about all tasks
 * @param cache where samples are kept; changes no result
 * @param observe what is noted of attention
 * @param attribution whether failed samples are told apart by where attention looked
 * @param items how much of single requests is kept in the logs
 * @param serving of the model that a server computes
 * @param before a run whose tasks are asked again, where the user names neither tasks nor a preset
 */
record RunRequest(
    Optional<Preset> preset,
    List<String> models,
    List<String> names,
    List<String> modes,
    List<AskedTasks> tasks,
    Wishes wishes,
    Optional<String> rope,
    Optional<Path> data,
    int batch,
    Path cache,
    Optional<StatisticsObservation> observe,
    boolean attribution,
    Optional<ItemLog> items,
    Optional<Serving> serving,
    Optional<RunSpec> before) {
  RunRequest {
    Objects.requireNonNull(preset);
    ModelName.require(names, models.size());
    models = names.isEmpty() ? List.copyOf(new LinkedHashSet<>(models)) : List.copyOf(models);
    names = List.copyOf(names);
    modes = List.copyOf(new LinkedHashSet<>(modes));
    tasks = List.copyOf(new LinkedHashSet<>(tasks));
    Objects.requireNonNull(rope);
    Objects.requireNonNull(data);
    Objects.requireNonNull(cache);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(before);
    Objects.requireNonNull(items);
    Objects.requireNonNull(serving);
    requireAtLeast("--batch", batch, 1);
    requireAtLeast("--limit", wishes.limit(), 1);
    requireAtLeast("--shots", wishes.shots(), 0);
    wishes.lengths().forEach(length -> requireAtLeast("--lengths", length, 1));
    wishes.seeds().forEach(seed -> requireAtLeast("--seeds", seed, 0));
  }

  /** Tasks, or a suite without tasks; models are called by their folders, nothing is observed. */
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
        List.of(),
        modes,
        suite.map(name -> AskedTasks.suites(List.of(name))).orElse(AskedTasks.tasks(tasks)),
        wishes,
        rope,
        data,
        batch,
        cache,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
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
    if (tasks.isEmpty()) {
      return again()
          .map(RunSpec::tasks)
          .orElseGet(() -> base().tasks().stream().map(order -> given(order, supplies)).toList());
    }
    return tasks.stream()
        .flatMap(asked -> asked.named(catalogue, wishes, supplies))
        .distinct()
        .map(this::sized)
        .toList();
  }

  /** Of the paper's presets what the data allow. */
  private TaskOrder given(TaskOrder order, Supplies supplies) {
    return base() == Preset.SSA_TABLE1 ? PaperPresets.given(order, supplies.data()) : order;
  }

  /** The run whose tasks are asked again; absent where the user names others. */
  Optional<RunSpec> again() {
    return before.filter(spec -> tasks.isEmpty() && preset.isEmpty());
  }

  /** Rope scaling by the user, else by the preset. */
  Optional<String> ropeText() {
    return rope.or(() -> preset.flatMap(Preset::rope));
  }

  /** The preset, or {@code custom} if the user names the tasks alone. */
  String presetText() {
    return tasks.isEmpty() || preset.isPresent()
        ? again().map(RunSpec::preset).orElseGet(() -> base().text())
        : "custom";
  }

  /** Which models and modes each task has, where the preset says so. */
  List<RunPart> parts() {
    return tasks.isEmpty()
        ? again().map(RunSpec::parts).orElseGet(() -> base().parts())
        : List.of();
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
