package org.ssasuite.leaderboards.run;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.leaderboards.conformance.ConformanceVerdict;
import org.ssasuite.leaderboards.program.ChunkFlag;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.EngineFlags;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.ReportFiles;
import org.ssasuite.leaderboards.report.budget.BudgetSections;
import org.ssasuite.leaderboards.run.work.Rates;
import org.ssasuite.leaderboards.task.ExtrapolationFlags;
import org.ssasuite.leaderboards.task.RulerFlags;
import org.ssasuite.runtime.endpoint.ApiKey;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import org.ssasuite.tasks.pg19.Pg19Tasks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ssa run}: evaluates models and leaves a run folder. */
@Command(
    name = "run",
    header = "Evaluates models; without options the embedded ones on the embedded data.",
    description = {
      "Each model runs in each of its attention modes on each task. The run folder gets a",
      "manifest, a line per sample, the results and a leaderboard, which is printed too."
    },
    footer = {
      "",
      "Examples:",
      "  ssa run                                  a tour: four miniatures, two minutes",
      "  ssa run --model my-llama --modes full,sparse:16x16 --tasks pg19 --lengths 4k,8k",
      "  ssa run --model ssa-mini --suite ruler --lengths 2k,4k --limit 10 --observe needle",
      "  ssa run --model ssa-mini --suite extrapolation --lengths 16k --rope llama3:4",
      "  ssa run --suite conformance --lengths 2k,8k --limit 20 --max-kl 0.05",
      "  ssa run --model http://localhost:8000/v1 --served qwen --tokenizer my-qwen --suite ruler",
      "",
      "A run that was interrupted goes on when the same command is given with --out and its folder.",
    })
public final class RunCommand implements Callable<Integer> {
  private static final DateTimeFormatter FOLDER_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Console console;
  private final Home home;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      converter = PresetName.class,
      description =
          "tour: four models, a little of everything, two minutes; "
              + "standard: pg19 (20 books, 8k) and wikitext2-head (2k); "
              + "full: pg19 (60 books, 8k), pg19-long (8 books, 32k) and wikitext2 (8k). "
              + "extrapolation-32k, extrapolation-32k-rope4: suite extrapolation to 32k, "
              + "with --rope default and llama3:4. "
              + "ssa-budget: the budgets and tasks of the SSA paper's tables 1 and A10 to A12; its"
              + " data with --data. ssa-table1, ssa-niah, ssa-longbench16, ssa-pg19,"
              + " ssa-extrapolation, ssa-sparsity: its tables, by its protocols. "
              + "Default: tour, standard where models, tasks, lengths or the like are named.")
  private Preset preset;

  @Option(
      names = "--modes",
      paramLabel = "M",
      split = ",",
      description = "Attention modes ('ssa list modes'). Default: what the model has.")
  private List<String> modes = List.of();

  @Option(
      names = "--rope",
      paramLabel = "R",
      description =
          "Rope scaling, as default, linear:2, llama3:4 or yarn:4, instead of the config's.")
  private String rope;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder instead of our own.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Run folder; an interrupted run of the same options in it goes on where it was."
              + " Default: runs/<time>.")
  private Path out;

  @Option(names = "--fresh", description = "Take away the run that is in the folder; start over.")
  private boolean fresh;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Samples answered together; never changes a result. Default: 32.")
  private int batch = 32;

  @Option(
      names = "--no-sharing",
      description =
          "Compute anew what several requests begin with, as the same solved examples;"
              + " never changes a result.")
  private boolean noSharing;

  @Option(names = "--json", description = "Print results.json instead of the table.")
  private boolean json;

  @Option(
      names = "--config",
      paramLabel = "F",
      description =
          "Options from a YAML or JSON file, by their names without dashes, as 'suite: ruler'; a run's"
              + " manifest.json does that run again. What is typed beside it goes over the file.")
  private Path config;

  @Spec private CommandSpec command;

  @Mixin private ModelFlags models;
  @Mixin private EndpointFlags endpoint;
  @Mixin private TaskFlags tasks;
  @Mixin private ObserveFlags observe;
  @Mixin private ItemFlags items;
  @Mixin private ConformanceFlags conformance;
  @Mixin private RulerFlags ruler;
  @Mixin private ExtrapolationFlags extrapolation;
  @Mixin private ShardFlag shard;
  @Mixin private SparkFlags spark;
  @Mixin private ChunkFlag chunk;
  @Mixin private EngineFlags flags;

  /** Where options came from, and the run that is done again. */
  private Optional<RunConfig> from = Optional.empty();

  public RunCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    if (config == null) {
      return run();
    }
    RunConfig read = RunConfig.read(config);
    RunCommand configured = new RunCommand(console, home);
    read.fill(configured, new RunCommand(console, home), command);
    configured.from = Optional.of(read);
    return configured.run();
  }

  private Optional<RunSpec> before() {
    return from.flatMap(RunConfig::manifest).map(RunManifest::spec);
  }

  private int run() {
    Optional<ShardFlag.Choice> share = shard.asked();
    Optional<SparkFlags.Cluster> cluster = spark.asked(share.isPresent(), home);
    conformance.require(compares());
    Engine engine = new Engine(flags.options(Isa.AUTO), chunk.scheduling(!noSharing));
    RunPlan planned = new Planner(home).plan(request(engine.options().device()), engine);
    planned.notes().forEach(console.err()::println);
    OperatorLibrary.find().require();
    if (share.isPresent()) {
      boolean judged = !conformance.margins().asked().isEmpty();
      ShardFlag.requireDivisible(planned, json, judged);
    }
    if (cluster.isPresent()) {
      SparkFlags.requireDivisible(planned);
    }
    RunPlan plan = ServedRun.reached(planned, ApiKey.of(System.getenv()), endpoint.policy());
    Path path = Optional.ofNullable(out).orElseGet(RunCommand::freshFolder);
    Optional<Provenance> gathered = cluster.map(asked -> gather(plan, asked, path));
    RunResult result;
    try (RunFolder folder = RunFolder.open(path)) {
      OutputFile.requireFolder(path);
      if (fresh && gathered.isEmpty()) {
        folder.clear(ReportFiles.names());
      }
      if (share.isPresent()) {
        return answer(plan, share.get(), folder).code();
      }
      result = evaluate(plan, folder, gathered);
    }

    ResultFiles files = ResultFiles.write(path, result);
    console.out().print(files.shown(json));
    ExitStatus verdict = verdict(files.run());
    console.requireWritten();
    boolean incomplete = !result.complete() && verdict != ExitStatus.CHECK_SAYS_NO;
    return (incomplete ? ExitStatus.INCOMPLETE : verdict).code();
  }

  private boolean compares() {
    return tasks.names(Pg19Tasks.CONFORMANCE)
        || before().stream()
            .flatMap(spec -> spec.tasks().stream())
            .anyMatch(order -> order.task().equals(Pg19Tasks.CONFORMANCE));
  }

  /** What the margins come to that were asked for; for people, beside the table. */
  private ExitStatus verdict(FinishedRun finished) {
    if (conformance.margins().asked().isEmpty()) {
      return ExitStatus.DONE;
    }
    ConformanceVerdict verdict = ConformanceVerdict.of(finished, conformance.margins());
    PrintWriter to = json ? console.err() : console.out();
    to.println();
    verdict.answers().forEach(answer -> to.println(VisibleText.of(answer.text())));
    to.println(verdict.sentence());
    to.flush();
    return verdict.status();
  }

  /** Has what the folder does not hold already answered elsewhere; it then holds all answers. */
  private Provenance gather(RunPlan plan, SparkFlags.Cluster cluster, Path path) {
    Provenance provenance = Provenance.of(plan, home);
    try (RunFolder folder = RunFolder.open(path)) {
      OutputFile.requireFolder(path);
      if (fresh) {
        folder.clear(ReportFiles.names());
      }
      RunManifest manifest = begin(provenance, folder);
      if (folder.finished().isEmpty()) {
        new Announcement(console, plan, folder).whole();
        new SparkRun(plan, cluster, home, console).answer(manifest, folder);
      }
    }
    return provenance;
  }

  private RunManifest begin(Provenance provenance, RunFolder folder) {
    from.ifPresent(there -> there.changes(provenance.manifest()).forEach(console.err()::println));
    return folder.begin(provenance.manifest());
  }

  /**
   * Does what the folder does not hold already.
   *
   * @param gathered of a run whose folder holds all answers
   */
  private RunResult evaluate(RunPlan plan, RunFolder folder, Optional<Provenance> gathered) {
    Provenance provenance = gathered.orElseGet(() -> Provenance.of(plan, home));
    RunManifest manifest =
        gathered.isPresent() ? folder.begin(provenance.manifest()) : begin(provenance, folder);
    Optional<RunResult> finished = folder.finished();
    if (finished.isPresent()) {
      console.err().println(folder.path() + " holds this run, finished; --fresh starts over");
      return finished.get();
    }
    if (gathered.isEmpty()) {
      new Announcement(console, plan, folder).whole();
    }
    RunProgress progress = new RunProgress(console, plan.rows());
    Optional<CostTrial> costs =
        BudgetSections.PRESETS.contains(plan.spec().preset())
            ? Optional.of(new CostTrial(home))
            : Optional.empty();
    RunResult result =
        new Evaluation(plan, provenance.models(), folder, progress, costs).run(manifest);
    folder.writeResults(result);
    return result;
  }

  /** Does of a share what the folder does not hold already. */
  private ExitStatus answer(RunPlan plan, ShardFlag.Choice share, RunFolder folder) {
    Provenance provenance = Provenance.of(plan, home);
    PlannedUnits units = PlannedUnits.of(plan);
    Shard own = units.shard(share.number(), share.of(), Rates.nominal(plan.device()));
    RunManifest asked = provenance.manifest().with(Optional.of(own));
    from.ifPresent(there -> there.changes(asked).forEach(console.err()::println));
    RunManifest manifest = folder.begin(asked);
    new Announcement(console, plan, folder).shard(own, units);
    RunProgress progress = new RunProgress(console, plan.rows());
    int unscored =
        new Evaluation(plan, provenance.models(), folder, progress, Optional.empty())
            .answer(manifest);
    console
        .out()
        .println(
            folder.path()
                + " holds "
                + own.text()
                + ", finished: "
                + own.samples()
                + " samples; 'ssa merge' makes the run of all shards");
    console.requireWritten();
    return unscored > 0 ? ExitStatus.INCOMPLETE : ExitStatus.DONE;
  }

  private RunRequest request(Device device) {
    Optional<String> whole = tasks.whole();
    Optional<String> observed = observe.task(whole);
    boolean tries = ObserveFlags.isBudget(whole);
    Optional<Preset> base = tries ? Optional.of(budgetPreset()) : named();
    boolean tour = base.equals(Optional.of(Preset.TOUR));
    Optional<BudgetGrid> grid = base.flatMap(Preset::grid).map(this::asked);
    return new RunRequest(
        base,
        models.models(),
        models.names(),
        modes.isEmpty() ? ofPreset(base, grid) : modes,
        tries
            ? AskedTasks.tasks(observe.budgetTasks())
            : observed.map(task -> AskedTasks.tasks(List.of(task))).orElseGet(tasks::asked),
        tasks.wishes(own()),
        Optional.ofNullable(rope),
        Optional.ofNullable(data),
        batch,
        ruler.cache(),
        tour
            ? Optional.of(Tour.observed())
            : observe.asked(whole, grid.isPresent()).or(() -> base.flatMap(PaperPresets::observe)),
        tour ? device == Device.CPU : observe.attribution(),
        items.asked(),
        endpoint.serving(),
        before());
  }

  /** What is not typed but read from a file is no tour, unless it says so. */
  private Optional<Preset> named() {
    Optional<Preset> typed = Optional.ofNullable(preset);
    return from.isPresent() ? typed : Tour.preset(typed, command);
  }

  private static List<String> ofPreset(Optional<Preset> preset, Optional<BudgetGrid> grid) {
    return grid.map(BudgetGrid::modes)
        .or(() -> preset.flatMap(PaperPresets::modes))
        .orElse(List.of());
  }

  /** What only tasks of one module know. */
  private Map<String, List<String>> own() {
    Map<String, List<String>> own = new TreeMap<>(ruler.own());
    own.putAll(extrapolation.own());
    own.putAll(conformance.own());
    return own;
  }

  /** Suite budget is a preset whose tasks and budgets the user may name. */
  private Preset budgetPreset() {
    if (preset != null) {
      throw new BadInputException("--suite budget", "goes without --preset " + preset);
    }
    if (!modes.isEmpty()) {
      throw new BadInputException("--suite budget", "makes its own modes; say --budgets instead");
    }
    if (models.models().isEmpty()) {
      throw new BadInputException("--suite budget", "needs --model: one that has full attention");
    }
    return Preset.BUDGET;
  }

  /** A preset's grid with the budgets that the user names. */
  private BudgetGrid asked(BudgetGrid grid) {
    List<String> tried = observe.triedBudgets();
    return tried.isEmpty() ? grid : new BudgetGrid(tried, grid.rules());
  }

  private static Path freshFolder() {
    Path runs = Path.of("runs");
    String time = LocalDateTime.now(ZoneId.systemDefault()).format(FOLDER_TIME);
    Path folder = runs.resolve(time);
    for (int i = 2; Files.exists(folder); i++) {
      folder = runs.resolve(time + "-" + i);
    }
    return folder;
  }
}
