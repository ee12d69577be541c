package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunPart;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.operator.CudaLimits;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * Turns a request into a spec, and a spec into a plan; whatever can be known to be wrong is bad
 * input here.
 */
final class Planner {
  private final Home home;
  private final Catalogue catalogue = TaskModules.catalogue();

  Planner(Home home) {
    this.home = home;
  }

  /** What a user asks for. */
  RunPlan plan(RunRequest request, Engine engine) {
    Supplies supplies = TaskModules.supplies(request.data().orElse(home.data()), request.cache());
    List<TaskOrder> asked = request.orders(catalogue, supplies);
    asked.forEach(catalogue::offer);
    List<Checkpoint> checkpoints = checkpoints(models(request), request.names());
    List<String> notes = new ArrayList<>(catalogue.notes(asked, request.wishes()));
    if (request.models().isEmpty()) {
      List<TaskOrder> stated = catalogue.orders(asked, request.wishes(), supplies);
      checkpoints = withReference(stated, checkpoints, notes);
      checkpoints = PresetModes.having(request.modes(), request.presetText(), checkpoints, notes);
    }
    notes.addAll(PresetModes.notes(request.modes(), request.presetText(), asked));
    checkpoints.forEach(checkpoint -> notes.addAll(lengthNotes(checkpoint)));
    Supplies forModels = forModels(supplies, checkpoints);
    request
        .again()
        .ifPresent(spec -> spec.tasks().forEach(order -> requireComplete(order, forModels)));
    List<TaskOrder> orders = catalogue.orders(asked, request.wishes(), forModels);
    requireBegin(orders, checkpoints);
    RunSpec spec = spec(request, names(request, checkpoints), orders, engine);
    RunPlan plan = plan(spec, checkpoints, forModels, engine, notes);
    requireSame(orders, catalogue.orders(asked, request.wishes(), forModels));
    return plan;
  }

  /** What a tokenizer says of the lengths of texts: how long they are, tasks say here. */
  private static List<String> lengthNotes(Checkpoint checkpoint) {
    List<String> blocks =
        checkpoint.tokenizerFile().map(TextTokenizer::ignored).orElseGet(List::of);
    return blocks.isEmpty()
        ? List.of()
        : List.of(
            "model "
                + checkpoint.name()
                + ": its tokenizer.json has "
                + String.join(" and ", blocks)
                + ", which is left aside");
  }

  /** Whether the tokenizer has it as well shows when the model is loaded. */
  private static void requireBegin(List<TaskOrder> orders, List<Checkpoint> checkpoints) {
    if (orders.stream().noneMatch(order -> BosOrder.of(order) == Bos.YES)) {
      return;
    }
    for (Checkpoint checkpoint : checkpoints) {
      boolean begins = checkpoint.specialTokens().begin().isPresent();
      if (!begins && checkpoint.config().beginToken().isEmpty()) {
        throw new BadInputException(
            "--bos yes", "no file of " + checkpoint.folder() + " names a token that begins texts");
      }
    }
  }

  /** Orders may hold what files said when they were made, and tasks read them after that. */
  static void requireSame(List<TaskOrder> before, List<TaskOrder> now) {
    for (TaskOrder order : before) {
      if (!now.contains(order)) {
        throw new BadInputException(
            "task " + order.task(), "is made from files that changed while they were read");
      }
    }
  }

  /** What a run did, once more. */
  RunPlan plan(RunSpec spec, Engine engine) {
    Supplies supplies =
        TaskModules.supplies(spec.data().map(Path::of).orElse(home.data()), UserHome.cache());
    List<Checkpoint> checkpoints = checkpoints(spec.models(), spec.names());
    Supplies forModels = forModels(supplies, checkpoints);
    spec.tasks().forEach(order -> requireComplete(order, forModels));
    return plan(spec, checkpoints, forModels, engine, List.of());
  }

  private void requireComplete(TaskOrder order, Supplies supplies) {
    if (!catalogue.offer(order).completed(order, supplies).equals(order)) {
      throw new BadInputException(
          "task " + order.task(),
          "is not stated with all that it takes: the run was made by an earlier version, which"
              + " recorded the names of tasks alone");
    }
  }

  private RunPlan plan(
      RunSpec spec,
      List<Checkpoint> checkpoints,
      Supplies supplies,
      Engine engine,
      List<String> notes) {
    requireParts(spec, checkpoints);
    TaskMaker tasks = new TaskMaker(catalogue, spec.tasks(), supplies);
    tasks.readData();
    ReferenceModes.requireUnobserved(spec);
    spec.observe().ifPresent(asked -> requireObservable(asked, engine, checkpoints));
    if (spec.attribution() && engine.options().device() == Device.CUDA) {
      throw new BadInputException("--observe needle", ObservedGraph.NEEDLES_CPU_ONLY);
    }
    List<PlannedModel> models =
        checkpoints.stream().map(checkpoint -> planned(checkpoint, spec, tasks)).toList();
    models.forEach(
        model ->
            CudaLimits.require(
                engine.options(),
                model.checkpoint(),
                Stream.concat(
                        model.modes().stream(),
                        ReferenceModes.of(spec.tasks(), model.checkpoint()).stream())
                    .toList(),
                engine.scheduling()));
    return new RunPlan(spec, models, engine, notes);
  }

  private static void requireObservable(
      StatisticsObservation asked, Engine engine, List<Checkpoint> checkpoints) {
    checkpoints.forEach(
        each ->
            CudaLimits.requireBudgets(
                engine.options(),
                StatisticsRequest.of(asked, new Full(), each.config()).budgets(),
                Integer.MAX_VALUE));
  }

  private static Supplies forModels(Supplies supplies, List<Checkpoint> checkpoints) {
    return supplies.forModels(
        checkpoints.stream().map(checkpoint -> checkpoint.config().trainedTokens()).toList());
  }

  private static List<String> models(RunRequest request) {
    return request.models().isEmpty() ? ModelShelf.embedded() : request.models();
  }

  /** Of the models that come with the suite those that have the mode that they are held against. */
  private static List<Checkpoint> withReference(
      List<TaskOrder> orders, List<Checkpoint> checkpoints, List<String> notes) {
    List<Checkpoint> kept = new ArrayList<>();
    for (Checkpoint checkpoint : checkpoints) {
      Optional<String> lack = ReferenceModes.lacks(orders, checkpoint);
      lack.ifPresentOrElse(notes::add, () -> kept.add(checkpoint));
    }
    if (kept.isEmpty()) {
      throw new BadInputException("--reference", "no embedded model has that mode");
    }
    return kept;
  }

  private static List<String> names(RunRequest request, List<Checkpoint> checkpoints) {
    return request.models().isEmpty()
        ? checkpoints.stream().map(Checkpoint::name).toList()
        : request.models();
  }

  private static RunSpec spec(
      RunRequest request, List<String> models, List<TaskOrder> orders, Engine engine) {
    RuntimeOptions options = engine.options();
    return new RunSpec(
        request.presetText(),
        models,
        request.names(),
        request.modes(),
        orders,
        request.ropeText(),
        request.data().map(Path::toString),
        options.device().text(),
        options.precision().text(),
        request.batch(),
        options.threads(),
        engine.scheduling().chunkTokens(),
        engine.scheduling().sharing(),
        request.observe(),
        request.attribution(),
        request.items(),
        request.parts());
  }

  private List<Checkpoint> checkpoints(List<String> asked, List<String> names) {
    ModelShelf shelf = new ModelShelf(home);
    List<Checkpoint> checkpoints = new ArrayList<>();
    Map<String, Path> folders = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Checkpoint opened = Checkpoint.open(shelf.find(asked.get(i)));
      Checkpoint checkpoint = names.isEmpty() ? opened : opened.named(names.get(i));
      if (checkpoint.tokenizerFile().isEmpty()) {
        throw new BadInputException(
            checkpoint.folder(), checkpoint.noTokenizer() + ", which every task needs");
      }
      Path other = folders.put(checkpoint.name(), checkpoint.folder());
      if (other != null) {
        throw new BadInputException(
            checkpoint.folder(),
            "has the same name as "
                + other
                + "; results could not be told apart: call them something with --name");
      }
      checkpoints.add(checkpoint);
    }
    return checkpoints;
  }

  private static PlannedModel planned(Checkpoint checkpoint, RunSpec spec, TaskMaker tasks) {
    Optional<RopeScaling> rope =
        spec.rope().map(form -> RopeScaling.parse(form, checkpoint.config().trainedTokens()));
    Map<String, PlannedTask.Place> places = places(spec, checkpoint);
    List<AttentionMode> modes =
        places.values().stream().flatMap(place -> place.modes().stream()).distinct().toList();
    return new PlannedModel(checkpoint, modes, rope, tasks.tasks(checkpoint, places));
  }

  /** Where a model has its tasks, by their names. */
  private static Map<String, PlannedTask.Place> places(RunSpec spec, Checkpoint checkpoint) {
    Map<String, PlannedTask.Place> places = new LinkedHashMap<>();
    List<RunPart> parts = spec.allParts();
    for (int i = 0; i < parts.size(); i++) {
      RunPart part = parts.get(i);
      if (part.isOf(checkpoint.name())) {
        PlannedTask.Place place =
            new PlannedTask.Place(
                i,
                part.modes().isEmpty()
                    ? modes(spec, checkpoint)
                    : parsed(part.modes(), checkpoint));
        part.tasks().forEach(task -> places.put(task, place));
      }
    }
    return places;
  }

  private static void requireParts(RunSpec spec, List<Checkpoint> checkpoints) {
    List<String> names = checkpoints.stream().map(Checkpoint::name).toList();
    for (RunPart part : spec.parts()) {
      for (String model : part.models()) {
        if (!names.contains(model)) {
          throw new BadInputException(
              "part of tasks " + String.join(", ", part.tasks()),
              "is for model " + model + ", which the run has not");
        }
      }
    }
  }

  private static List<AttentionMode> modes(RunSpec spec, Checkpoint checkpoint) {
    if (spec.modes().isEmpty()) {
      return ReferenceModes.modes(spec, checkpoint);
    }
    return PaperPresets.hasModes(spec.preset(), spec.modes())
        ? PresetModes.of(spec.modes(), checkpoint)
        : parsed(spec.modes(), checkpoint);
  }

  private static List<AttentionMode> parsed(List<String> texts, Checkpoint checkpoint) {
    Map<String, AttentionMode> modes = new LinkedHashMap<>();
    for (String text : texts) {
      AttentionMode mode = ModeOfModel.parse(text, checkpoint);
      modes.putIfAbsent(mode.text(), mode);
    }
    return List.copyOf(modes.values());
  }
}
