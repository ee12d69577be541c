package org.ssasuite.leaderboards.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.run.EarlierRun;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.run.PlannedRow;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;

/** A finished run whose samples have the values that a test plants. Mutable while it is filled. */
public final class PlantedRun {
  private final String model;
  private final String mode;
  private String asked;
  private final Map<String, String> facts =
      new TreeMap<>(
          Map.of(
              "precision",
              "fp32",
              "rope",
              "default",
              "shape",
              "small",
              "device",
              "cpu",
              "sha256:tokenizer.json",
              "70",
              "sha256:model.safetensors",
              "77"));
  private final List<PlantedTask> tasks = new ArrayList<>();
  private String protocol = "planted";
  private String data = "da".repeat(32);

  public PlantedRun(String model, String mode) {
    this.model = model;
    this.asked = model;
    this.mode = mode;
  }

  /** One sample; a value that is NaN has no score. */
  public record Item(String id, String document, double value, double weight) implements Sample {}

  public PlantedRun fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  /** Another name in the specification than in the model's card. */
  public PlantedRun asked(String name) {
    this.asked = name;
    return this;
  }

  /** Of the tasks that are planted from now on. */
  public PlantedRun protocol(String text) {
    this.protocol = text;
    return this;
  }

  /** Of the tasks that are planted from now on. */
  public PlantedRun data(String digest) {
    this.data = digest;
    return this;
  }

  /** A perplexity: nats per word, each value a document of its own. */
  public PlantedRun losses(String task, double... values) {
    return plant(task, Transform.EXP, MetricRule.Better.LOWER, items(values));
  }

  /** An accuracy: 0 or 1, each value a document of its own. */
  public PlantedRun answers(String task, double... values) {
    return plant(task, Transform.PERCENT, MetricRule.Better.HIGHER, items(values));
  }

  private static List<Item> items(double... values) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      items.add(new Item("s" + i, "d" + i, values[i], 1));
    }
    return items;
  }

  public PlantedRun plant(
      String task, Transform transform, MetricRule.Better better, List<Item> items) {
    tasks.add(new PlantedTask(task, protocol, data, new MetricRule("m", transform, better), items));
    return this;
  }

  /** Writes the run. */
  public Path write(Path folder) {
    ModelCard card = new ModelCard(model, mode, OptionalInt.empty(), facts);
    RunManifest manifest = manifest(card);
    try (RunFolder run = RunFolder.open(folder)) {
      run.begin(manifest);
      List<TaskResult> results = new ArrayList<>();
      for (PlantedTask task : tasks) {
        try (SampleLog log = run.samples(card, task.id());
            LanguageModel scripted = new ScriptedModel(card, Set.of(), PlantedRun::answer)) {
          results.add(
              TaskRunner.run(task, scripted, OptionalInt.empty(), 100, log, Progress.silent()));
        }
      }
      run.writeResults(new RunResult(RunResult.SCHEMA, manifest, results));
    }
    return folder;
  }

  /** Makes a run what the first version would have left: without any digest. */
  public static void makeFirst(Path run) throws IOException {
    EarlierRun.makeFirst(run);
  }

  private static Response answer(Request<?> request) {
    return new Generation("", 1, ContextFit.whole(1), Optional.empty());
  }

  private RunManifest manifest(ModelCard card) {
    Map<String, String> digests = new TreeMap<>();
    tasks.forEach(task -> digests.put(task.id().name(), task.dataDigest()));
    RunSpec spec =
        new RunSpec(
            "custom",
            List.of(asked),
            List.of(mode),
            digests.keySet().stream().map(TaskOrder::of).toList(),
            Optional.empty(),
            Optional.empty(),
            facts.get("device"),
            facts.get("precision"),
            1,
            1,
            1,
            true,
            Optional.empty(),
            false);
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "1",
        Optional.of("abc"),
        new Machine("linux", "amd64", "fast", 2, "17"),
        List.of(card),
        digests,
        Map.of(),
        tasks.stream().map(this::row).toList(),
        7);
  }

  private PlannedRow row(PlantedTask task) {
    return new PlannedRow(
        model, mode, task.id(), task.protocol(), task.dataDigest(), task.items().size());
  }

  private record PlantedTask(
      String name, String protocol, String dataDigest, MetricRule rule, List<Item> items)
      implements Task<Item> {
    @Override
    public TaskId id() {
      return new TaskId("planted", name, 1);
    }

    @Override
    public Stream<Item> samples() {
      return items.stream();
    }

    @Override
    public List<Request<?>> requests(Item item) {
      return List.of(new Generate(name + " " + item.id(), 1, List.of(), Observe.nothing()));
    }

    @Override
    public Score score(Item item, List<Response> responses) {
      return Double.isNaN(item.value())
          ? new Unscored("planted")
          : new Scored(
              List.of(Measure.of(rule.metric(), item.value(), item.weight())), Optional.empty());
    }

    @Override
    public Aggregate aggregate() {
      return new Aggregate(List.of(rule));
    }
  }
}
