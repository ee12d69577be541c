package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.run.RulerSpec;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.RulerOptions;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.runtime.CudaLimits;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;

/** Turns a request into a plan; whatever can be known to be wrong is bad input here. */
final class Planner {
  private final Home home;

  Planner(Home home) {
    this.home = home;
  }

  RunPlan plan(RunRequest request, Engine engine) {
    TaskShelf data = new TaskShelf(request.data().orElse(home.data()), request.ruler());
    List<TaskChoice> choices = request.choices(data);
    List<Checkpoint> checkpoints = checkpoints(request);
    TaskShelf shelf =
        data.forModels(
            checkpoints.stream().map(checkpoint -> checkpoint.config().trainedTokens()).toList());
    TaskBook tasks = new TaskBook(shelf, choices, request.lengths().size() > 1);
    tasks.readData();
    List<PlannedModel> models =
        checkpoints.stream().map(checkpoint -> planned(checkpoint, request, tasks)).toList();
    models.forEach(
        model ->
            CudaLimits.require(
                engine.options(), model.checkpoint(), model.modes(), engine.scheduling()));
    return new RunPlan(spec(request, choices, models, engine), models, engine);
  }

  private static RunSpec spec(
      RunRequest request, List<TaskChoice> choices, List<PlannedModel> models, Engine engine) {
    RuntimeOptions options = engine.options();
    List<String> names =
        request.models().isEmpty()
            ? models.stream().map(model -> model.checkpoint().name()).toList()
            : request.models();
    List<String> taskNames = choices.stream().map(TaskChoice::name).distinct().toList();
    return new RunSpec(
        request.presetText(),
        names,
        request.modes(),
        taskNames,
        windows(choices),
        request.shots(),
        request.seeds().isEmpty() ? seeds(choices) : request.seeds(),
        limit(choices),
        request.rope(),
        request.data().map(Path::toString),
        options.device().text(),
        options.precision().text(),
        request.batch(),
        options.threads(),
        engine.scheduling().chunkTokens(),
        engine.scheduling().sharing(),
        ruler(request, choices));
  }

  private static Optional<RulerSpec> ruler(RunRequest request, List<TaskChoice> choices) {
    RulerOptions options = request.ruler();
    return choices.stream().anyMatch(TaskChoice::readsTokens)
        ? Optional.of(
            new RulerSpec(
                options.version(),
                options.haystack().map(Path::toString),
                options.questions().stream().map(Path::toString).toList()))
        : Optional.empty();
  }

  /** What a preset states is part of the spec, as if the user had said it. */
  private static List<Integer> windows(List<TaskChoice> choices) {
    return choices.stream()
        .flatMapToInt(choice -> choice.window().stream())
        .distinct()
        .boxed()
        .toList();
  }

  private static List<Long> seeds(List<TaskChoice> choices) {
    return choices.stream()
        .flatMap(choice -> choice.draws().stream())
        .filter(draws -> draws.shots() > 0)
        .map(Draws::seed)
        .distinct()
        .toList();
  }

  private static OptionalInt limit(List<TaskChoice> choices) {
    return choices.stream().flatMapToInt(choice -> choice.limit().stream()).max();
  }

  private List<Checkpoint> checkpoints(RunRequest request) {
    ModelShelf shelf = new ModelShelf(home);
    List<String> asked = request.models().isEmpty() ? ModelShelf.embedded() : request.models();
    List<Checkpoint> checkpoints = new ArrayList<>();
    Map<String, Path> folders = new HashMap<>();
    for (String name : asked) {
      Checkpoint checkpoint = Checkpoint.open(shelf.find(name));
      if (checkpoint.tokenizerFile().isEmpty()) {
        throw new BadInputException(
            checkpoint.folder(), "has no tokenizer.json, which every task needs");
      }
      Path other = folders.put(checkpoint.name(), checkpoint.folder());
      if (other != null) {
        throw new BadInputException(
            checkpoint.folder(),
            "has the same name as " + other + "; results could not be told apart");
      }
      checkpoints.add(checkpoint);
    }
    return checkpoints;
  }

  private static PlannedModel planned(Checkpoint checkpoint, RunRequest request, TaskBook tasks) {
    Optional<RopeScaling> rope =
        request.rope().map(form -> RopeScaling.parse(form, checkpoint.config().trainedTokens()));
    List<AttentionMode> modes = modes(request, checkpoint);
    return new PlannedModel(checkpoint, modes, rope, tasks.tasks(checkpoint));
  }

  private static List<AttentionMode> modes(RunRequest request, Checkpoint checkpoint) {
    if (request.modes().isEmpty()) {
      return checkpoint.modes();
    }
    Map<String, AttentionMode> modes = new LinkedHashMap<>();
    for (String text : request.modes()) {
      AttentionMode mode = ModeOfModel.parse(text, checkpoint);
      modes.putIfAbsent(mode.text(), mode);
    }
    return List.copyOf(modes.values());
  }
}
