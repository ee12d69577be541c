package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.RulerSpec;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.RulerOptions;
import org.ssasuite.leaderboards.task.TaskShelf;

/**
 * What a user asks for; empty means: whatever the preset, the model or the task has.
 *
 * @param preset absent: {@link Preset#QUICK}, unless tasks are named
 * @param models folders or names of embedded models
 * @param lengths windows; each window task and each of RULER's runs once at each
 * @param shots of every choice task
 * @param seeds each task that draws runs once with each
 */
record RunRequest(
    Optional<Preset> preset,
    List<String> models,
    List<String> modes,
    List<String> tasks,
    Optional<String> suite,
    List<Integer> lengths,
    OptionalInt shots,
    List<Long> seeds,
    OptionalInt limit,
    Optional<String> rope,
    Optional<Path> data,
    int batch,
    RulerOptions ruler) {
  RunRequest {
    Objects.requireNonNull(preset);
    models = List.copyOf(new LinkedHashSet<>(models));
    modes = List.copyOf(new LinkedHashSet<>(modes));
    tasks = List.copyOf(new LinkedHashSet<>(tasks));
    Objects.requireNonNull(suite);
    lengths = List.copyOf(new LinkedHashSet<>(lengths));
    seeds = List.copyOf(new LinkedHashSet<>(seeds));
    Objects.requireNonNull(limit);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(data);
    Objects.requireNonNull(ruler);
    requireAtLeast("--batch", batch, 1);
    limit.ifPresent(value -> requireAtLeast("--limit", value, 1));
    shots.ifPresent(value -> requireAtLeast("--shots", value, 0));
    seeds.forEach(seed -> requireAtLeast("--seeds", seed, 0));
  }

  /**
   * A request that comes to a spec again. What a preset has stated in the spec is left to the
   * preset.
   */
  static RunRequest of(RunSpec spec) {
    Optional<Preset> preset = Preset.of(spec.preset());
    List<TaskChoice> own = preset.map(Preset::tasks).orElse(List.of());
    boolean ownTasks = spec.tasks().equals(own.stream().map(TaskChoice::name).toList());
    List<TaskChoice> asked =
        own.stream().filter(choice -> spec.tasks().contains(choice.name())).toList();
    OptionalInt ownLimit = asked.stream().flatMapToInt(choice -> choice.limit().stream()).max();
    return new RunRequest(
        preset,
        spec.models(),
        spec.modes(),
        ownTasks ? List.of() : spec.tasks(),
        Optional.empty(),
        spec.lengths().equals(windows(asked)) ? List.of() : spec.lengths(),
        spec.shots(),
        spec.shots().isPresent() && spec.shots().getAsInt() == 0 ? List.of() : spec.seeds(),
        spec.limit().equals(ownLimit) ? OptionalInt.empty() : spec.limit(),
        spec.rope(),
        spec.data().map(Path::of),
        spec.batch(),
        spec.ruler().map(RunRequest::ruler).orElseGet(RulerOptions::standard));
  }

  private static RulerOptions ruler(RulerSpec spec) {
    return new RulerOptions(
        spec.version(),
        spec.haystack().map(Path::of),
        spec.questions().stream().map(Path::of).toList(),
        RulerOptions.standardCache());
  }

  private static List<Integer> windows(List<TaskChoice> choices) {
    return choices.stream()
        .flatMapToInt(choice -> choice.window().stream())
        .distinct()
        .boxed()
        .toList();
  }

  private static void requireAtLeast(String option, long value, int least) {
    if (value < least) {
      throw new BadInputException(option, "must be at least " + least + ", not " + value);
    }
  }

  /**
   * The tasks with their windows, draws and limits, in table order.
   *
   * @throws BadInputException for a name that no task or suite has, and for a length, shots or
   *     seeds that the tasks have no use for
   */
  List<TaskChoice> choices(TaskShelf shelf) {
    List<TaskChoice> chosen = chosen(shelf);
    boolean draws = chosen.stream().anyMatch(choice -> TaskShelf.isChoice(choice.name()));
    boolean seeded = draws || chosen.stream().anyMatch(TaskChoice::readsTokens);
    if ((!draws && shots.isPresent()) || (!seeded && !seeds.isEmpty())) {
      throw new BadInputException(
          shots.isPresent() ? "--shots" : "--seeds",
          "none of the tasks draws shots; these do: " + String.join(", ", TaskShelf.choiceNames()));
    }
    return chosen.stream()
        .flatMap(this::varied)
        .map(choice -> limit.isPresent() ? choice.withLimit(limit.getAsInt()) : choice)
        .toList();
  }

  private List<TaskChoice> chosen(TaskShelf shelf) {
    List<TaskChoice> named =
        suite.map(name -> shelf.suite(name, shots)).orElse(tasks).stream()
            .map(this::sized)
            .toList();
    return named.isEmpty() ? base().tasks() : named;
  }

  /** A choice once with each length or seed that it has a use for. */
  private Stream<TaskChoice> varied(TaskChoice choice) {
    if (TaskShelf.isChoice(choice.name())) {
      return drawn(choice);
    }
    return choice.readsTokens() ? windowed(choice).flatMap(this::seeded) : windowed(choice);
  }

  private Stream<TaskChoice> seeded(TaskChoice choice) {
    return seeds.isEmpty()
        ? Stream.of(choice)
        : seeds.stream().map(seed -> choice.withDraws(new Draws(0, seed)));
  }

  private Stream<TaskChoice> windowed(TaskChoice choice) {
    return lengths.isEmpty() ? Stream.of(choice) : lengths.stream().map(choice::withWindow);
  }

  /** Without shots nothing is drawn, so that every seed gives the same task. */
  private Stream<TaskChoice> drawn(TaskChoice choice) {
    if (!lengths.isEmpty()) {
      throw new BadInputException(
          "task " + choice.name(), "has no length; leave --lengths out, or the task");
    }
    Draws own = TaskShelf.ownDraws(choice.name());
    int each = shots.orElse(own.shots());
    List<Long> all = each == 0 || seeds.isEmpty() ? List.of(own.seed()) : seeds;
    return all.stream().map(seed -> choice.withDraws(new Draws(each, seed)));
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
