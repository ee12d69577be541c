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
import org.ssasuite.core.hub.HubFolder;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunPart;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.Serving;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.endpoint.EndpointAddress;
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
    List<RunModel> models = opened(models(request), request.names(), request.serving());
    List<String> notes = new ArrayList<>(catalogue.notes(asked, request.wishes()));
    if (request.models().isEmpty()) {
      List<TaskOrder> stated = catalogue.orders(asked, request.wishes(), supplies);
      models = withReference(stated, models, notes);
      models = PresetModes.having(request.modes(), request.presetText(), models, notes);
    }
    notes.addAll(PresetModes.notes(request.modes(), request.presetText(), asked));
    models.forEach(model -> notes.addAll(lengthNotes(model)));
    Supplies forModels = forModels(supplies, models);
    request
        .again()
        .ifPresent(spec -> spec.tasks().forEach(order -> requireComplete(order, forModels)));
    List<TaskOrder> orders = catalogue.orders(asked, request.wishes(), forModels);
    requireBegin(orders, models);
    RunSpec spec = spec(request, models, orders, engine);
    RunPlan plan = plan(spec, models, forModels, engine, notes);
    requireSame(orders, catalogue.orders(asked, request.wishes(), forModels));
    return plan;
  }

  /** What a tokenizer says of the lengths of texts: how long they are, tasks say here. */
  private static List<String> lengthNotes(RunModel model) {
    List<String> blocks = TextTokenizer.ignored(model.tokenizerFile());
    return blocks.isEmpty()
        ? List.of()
        : List.of(
            "model "
                + model.name()
                + ": its tokenizer.json has "
                + String.join(" and ", blocks)
                + ", which is left aside");
  }

  /** Whether the tokenizer has it as well shows when the model is loaded. */
  private static void requireBegin(List<TaskOrder> orders, List<RunModel> models) {
    if (orders.stream().noneMatch(order -> BosOrder.of(order) == Bos.YES)) {
      return;
    }
    for (RunModel model : models) {
      if (!model.begins()) {
        throw new BadInputException(
            "--bos yes", "no file of " + model.folder() + " names a token that begins texts");
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
    List<RunModel> models = opened(spec.models(), spec.names(), spec.serving());
    Supplies forModels = forModels(supplies, models);
    spec.tasks().forEach(order -> requireComplete(order, forModels));
    return plan(spec, models, forModels, engine, List.of());
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
      RunSpec spec, List<RunModel> models, Supplies supplies, Engine engine, List<String> notes) {
    requireParts(spec, models);
    ServedRun.require(spec, models, engine.options());
    TaskMaker tasks = new TaskMaker(catalogue, spec.tasks(), supplies);
    tasks.readData();
    ReferenceModes.requireUnobserved(spec);
    spec.observe().ifPresent(asked -> requireObservable(asked, engine, local(models)));
    if (spec.attribution() && engine.options().device() == Device.CUDA) {
      throw new BadInputException("--observe needle", ObservedGraph.NEEDLES_CPU_ONLY);
    }
    List<PlannedModel> planned = models.stream().map(model -> planned(model, spec, tasks)).toList();
    planned.forEach(model -> requireComputable(model, spec, engine));
    return new RunPlan(spec, planned, engine, notes);
  }

  private static void requireComputable(PlannedModel planned, RunSpec spec, Engine engine) {
    if (planned.model() instanceof LocalModel local) {
      CudaLimits.require(
          engine.options(),
          local.checkpoint(),
          Stream.concat(planned.modes().stream(), ReferenceModes.of(spec.tasks(), local).stream())
              .toList(),
          engine.scheduling());
    }
  }

  private static List<Checkpoint> local(List<RunModel> models) {
    return models.stream()
        .filter(LocalModel.class::isInstance)
        .map(model -> ((LocalModel) model).checkpoint())
        .toList();
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

  private static Supplies forModels(Supplies supplies, List<RunModel> models) {
    return supplies.forModels(
        models.stream().flatMap(model -> model.trainedTokens().stream().boxed()).toList());
  }

  private static List<String> models(RunRequest request) {
    return request.models().isEmpty() ? ModelShelf.embedded() : request.models();
  }

  /** Of the models that come with the suite those that have the mode that they are held against. */
  private static List<RunModel> withReference(
      List<TaskOrder> orders, List<RunModel> models, List<String> notes) {
    List<RunModel> kept = new ArrayList<>();
    for (RunModel model : models) {
      Optional<String> lack = ReferenceModes.lacks(orders, model);
      lack.ifPresentOrElse(notes::add, () -> kept.add(model));
    }
    if (kept.isEmpty()) {
      throw new BadInputException("--reference", "no embedded model has that mode");
    }
    return kept;
  }

  private static RunSpec spec(
      RunRequest request, List<RunModel> models, List<TaskOrder> orders, Engine engine) {
    RuntimeOptions options = engine.options();
    List<String> called = models.stream().map(RunModel::name).toList();
    return new RunSpec(
        request.presetText(),
        request.models().isEmpty() ? called : request.models(),
        // The end of an address is no name.
        request.serving().isPresent() ? called : request.names(),
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
        request.parts(),
        request.serving());
  }

  private List<RunModel> opened(List<String> asked, List<String> names, Optional<Serving> serving) {
    ModelShelf shelf = new ModelShelf(home);
    ServedRun.requireServing(asked, serving);
    List<RunModel> models = new ArrayList<>();
    Map<String, RunModel> others = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      RunModel opened =
          EndpointAddress.is(asked.get(i))
              ? ServedRun.model(asked.get(i), serving.orElseThrow(), shelf)
              : local(Path.of(asked.get(i)), shelf.find(asked.get(i)));
      RunModel model = names.isEmpty() ? opened : opened.named(names.get(i));
      RunModel other = others.put(model.name(), model);
      if (other != null) {
        throw new BadInputException(
            model.place(),
            "has the same name as "
                + other.place()
                + "; results could not be told apart: call them something with --name");
      }
      models.add(model);
    }
    return models;
  }

  /** A repository's snapshot is called as the repository: commits are no names. */
  private static LocalModel local(Path asked, Path folder) {
    Checkpoint opened = Checkpoint.open(folder);
    Path name = asked.toAbsolutePath().normalize().getFileName();
    Checkpoint checkpoint =
        name != null && HubFolder.is(asked) ? opened.named(name.toString()) : opened;
    if (checkpoint.tokenizerFile().isEmpty()) {
      throw new BadInputException(
          checkpoint.folder(), checkpoint.noTokenizer() + ", which every task needs");
    }
    return new LocalModel(checkpoint);
  }

  private static PlannedModel planned(RunModel model, RunSpec spec, TaskMaker tasks) {
    Optional<RopeScaling> rope =
        model instanceof LocalModel local
            ? spec.rope()
                .map(form -> RopeScaling.parse(form, local.checkpoint().config().trainedTokens()))
            : Optional.empty();
    Map<String, PlannedTask.Place> places = places(spec, model);
    List<AttentionMode> modes =
        places.values().stream().flatMap(place -> place.modes().stream()).distinct().toList();
    return new PlannedModel(model, modes, rope, tasks.tasks(model, places));
  }

  /** Where a model has its tasks, by their names. */
  private static Map<String, PlannedTask.Place> places(RunSpec spec, RunModel model) {
    Map<String, PlannedTask.Place> places = new LinkedHashMap<>();
    List<RunPart> parts = spec.allParts();
    for (int i = 0; i < parts.size(); i++) {
      RunPart part = parts.get(i);
      if (part.isOf(model.name())) {
        PlannedTask.Place place =
            new PlannedTask.Place(
                i, part.modes().isEmpty() ? modes(spec, model) : parsed(part.modes(), model));
        part.tasks().forEach(task -> places.put(task, place));
      }
    }
    return places;
  }

  private static void requireParts(RunSpec spec, List<RunModel> models) {
    List<String> names = models.stream().map(RunModel::name).toList();
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

  private static List<AttentionMode> modes(RunSpec spec, RunModel model) {
    if (spec.modes().isEmpty()) {
      return ReferenceModes.modes(spec, model);
    }
    return PaperPresets.hasModes(spec.preset(), spec.modes())
        ? PresetModes.of(spec.modes(), model)
        : parsed(spec.modes(), model);
  }

  private static List<AttentionMode> parsed(List<String> texts, RunModel model) {
    Map<String, AttentionMode> modes = new LinkedHashMap<>();
    for (String text : texts) {
      AttentionMode mode = model.mode(text);
      modes.putIfAbsent(mode.text(), mode);
    }
    return List.copyOf(modes.values());
  }
}
