package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.run.PlannedRow;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.ProgramDigest;
import org.ssasuite.leaderboards.program.Version;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import org.ssasuite.runtime.onnx.PagePool;

/**
 * Where a run's numbers come from.
 *
 * @param models each model of the plan with its files read, in its order
 */
record Provenance(RunManifest manifest, List<RunModel.Prepared> models) {
  private static final long MILLIS_PER_SECOND = 1000;

  Provenance {
    Objects.requireNonNull(manifest);
    models = List.copyOf(models);
  }

  /** Reads every file of every model, for its digest. */
  static Provenance of(RunPlan plan, Home home) {
    RuntimeOptions options = plan.engine().options();
    List<RunModel.Prepared> prepared = new ArrayList<>();
    List<ModelCard> cards = new ArrayList<>();
    for (PlannedModel planned : plan.models()) {
      RunModel model = planned.model();
      RunModel.Prepared own = model.prepared(options, planned.rope());
      planned.modes().forEach(mode -> cards.add(card(model, mode, own.facts(mode))));
      prepared.add(own);
    }
    return new Provenance(manifest(plan, home, cards), prepared);
  }

  private static RunManifest manifest(RunPlan plan, Home home, List<ModelCard> models) {
    return new RunManifest(
            RunManifest.SCHEMA,
            plan.spec(),
            Version.text(),
            home.commit(),
            Machine.current(),
            models,
            data(plan),
            libraries(plan.engine().options()),
            rows(plan),
            System.currentTimeMillis() / MILLIS_PER_SECOND)
        .withPublished(published(plan.spec()));
  }

  /** Which files of the user's data folder are which splits, where it is in a hub's layout. */
  private static Map<String, List<String>> published(RunSpec spec) {
    Map<String, List<String>> published = new TreeMap<>();
    if (spec.data().isPresent()) {
      Supplies supplies = TaskModules.supplies(Path.of(spec.data().get()));
      for (TaskOrder order : spec.tasks()) {
        List<String> files = TaskModules.catalogue().offer(order).published(order, supplies);
        if (!files.isEmpty()) {
          published.put(order.task(), files);
        }
      }
    }
    return published;
  }

  /** A task that several models share is read through once. */
  static List<PlannedRow> rows(RunPlan plan) {
    IdentityHashMap<Task<?>, Integer> samples = new IdentityHashMap<>();
    return plan.results().stream()
        .map(result -> row(result.model(), result.mode(), result.task(), samples))
        .toList();
  }

  private static PlannedRow row(
      PlannedModel model,
      AttentionMode mode,
      PlannedTask planned,
      IdentityHashMap<Task<?>, Integer> samples) {
    Task<?> task = planned.task();
    return new PlannedRow(
        model.model().name(),
        mode.text(),
        task.id(),
        task.protocol(),
        task.dataDigest(),
        samples.computeIfAbsent(task, unread -> planned.samples()));
  }

  private static Map<String, String> libraries(RuntimeOptions options) {
    Map<String, String> libraries = new TreeMap<>();
    libraries.put("operators", "sha256:" + Digests.sha256(OperatorLibrary.find().require().file()));
    libraries.put("onnxruntime", OnnxSession.version());
    libraries.put(RunManifest.PROGRAM, "sha256:" + ProgramDigest.current());
    if (options.device() == Device.CUDA) {
      libraries.put("cuda", PagePool.cudaDevice().text());
    }
    return libraries;
  }

  /** Of a task whose samples differ from model to model, an entry per model: {@code model/task}. */
  private static Map<String, String> data(RunPlan plan) {
    Map<String, Set<String>> digests = new HashMap<>();
    for (PlannedModel model : plan.models()) {
      for (PlannedTask planned : model.tasks()) {
        Task<?> task = planned.task();
        digests.computeIfAbsent(task.id().name(), name -> new HashSet<>()).add(task.dataDigest());
      }
    }
    Map<String, String> data = new TreeMap<>();
    for (PlannedModel model : plan.models()) {
      for (PlannedTask planned : model.tasks()) {
        String name = planned.task().id().name();
        String key = digests.get(name).size() == 1 ? name : model.model().name() + "/" + name;
        data.put(key, planned.task().dataDigest());
      }
    }
    return data;
  }

  private static ModelCard card(RunModel model, AttentionMode mode, Map<String, String> facts) {
    return new ModelCard(model.name(), mode.text(), model.trainedTokens(), facts);
  }
}
