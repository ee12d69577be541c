package org.ssasuite.leaderboards.run;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.leaderboards.conformance.ConformanceVerdict;
import org.ssasuite.leaderboards.program.ChunkFlag;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.EngineFlags;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.report.AttentionCsv;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Report;
import org.ssasuite.leaderboards.report.ReportFiles;
import org.ssasuite.leaderboards.report.budget.BudgetSections;
import org.ssasuite.leaderboards.task.ExtrapolationFlags;
import org.ssasuite.leaderboards.task.RulerFlags;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "  ssa run                                  four miniatures, minutes",
      "  ssa run --model my-llama --modes full,sparse:16x16 --tasks pg19 --lengths 4k,8k",
      "  ssa run --model ssa-mini --suite ruler --lengths 2k,4k --limit 10 --observe needle",
      "  ssa run --model ssa-mini --suite extrapolation --lengths 16k --rope llama3:4",
      "  ssa run --suite conformance --lengths 2k,8k --limit 20 --max-kl 0.05",
      "  ssa run --model ssa-mini --suite budget --budgets 16x4,16x16,16x64 --on pg19 --limit 20",
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
      description =
          "quick: pg19 (20 books, 8k) and wikitext2-head (2k); "
              + "full: pg19 (60 books, 8k), pg19-long (8 books, 32k) and wikitext2 (8k). "
              + "extrapolation-32k, extrapolation-32k-rope4: suite extrapolation to 32k, "
              + "with --rope default and llama3:4. "
              + "ssa-budget: the budgets and tasks of the SSA paper's tables 1 and A10 to A12; its"
              + " data with --data. "
              + "Default: quick.")
  private Preset preset;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder or embedded model; several with commas or by repeating it.")
  private List<String> models = List.of();

  @Option(
      names = "--modes",
      paramLabel = "M",
      split = ",",
      description = "Attention modes ('ssa list modes'). Default: what the model has.")
  private List<String> modes = List.of();

  @Option(
      names = "--tasks",
      paramLabel = "T",
      split = ",",
      description = {
        "Tasks ('ssa list tasks'), or files that describe some of your own, as my-task.json;",
        "at their own sizes unless a preset is named."
      })
  private List<String> tasks = List.of();

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      description =
          "All tasks of a suite: pg19, commonsense, ruler, longbench, longbench-e, longbench-v2, …; "
              + "extrapolation: the same tokens behind ever longer contexts; "
              + "attention: where it goes in the documents of pg19, or of --on; "
              + "budget: full attention, and at each of --budgets the selection and its controls; "
              + "conformance: modes against --reference, with margins as 'ssa divergence' has.")
  private String suite;

  @Option(
      names = "--lengths",
      paramLabel = "N",
      split = ",",
      description = {
        "Tokens that a pass reads, as 4096 or 4k; each task that has a length at each.",
        "For the tasks of suites pg19 and ruler, and of the longbench suites: the most tokens of a",
        "prompt. Suite extrapolation is one task at all of them, and at 256, 512, 1k, … below."
      })
  private List<String> lengths = List.of();

  @Option(
      names = "--shots",
      paramLabel = "N",
      description =
          "Solved examples before each question of suite commonsense. Default: the task's.")
  private Integer shots;

  @Option(
      names = "--seeds",
      paramLabel = "S",
      split = ",",
      description = {
        "Seeds, as 1,12; each task that draws shots, and each of RULER's, once with each.",
        "Default: 1234, RULER's 42."
      })
  private List<Long> seeds = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N samples of a task.")
  private Integer limit;

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
      description = {
        "Run folder; an interrupted run of the same options in it goes on where it was.",
        "Default: runs/<time>."
      })
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
      description = {
        "Compute anew what several requests begin with, as the same solved examples;",
        "never changes a result."
      })
  private boolean noSharing;

  @Option(names = "--json", description = "Print results.json instead of the table.")
  private boolean json;

  @Mixin private ObserveFlags observe;
  @Mixin private ConformanceFlags conformance;
  @Mixin private RulerFlags ruler;
  @Mixin private ExtrapolationFlags extrapolation;
  @Mixin private ChunkFlag chunk;
  @Mixin private EngineFlags flags;

  public RunCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    conformance.require(Optional.ofNullable(suite), tasks);
    Engine engine = new Engine(flags.options(Isa.AUTO), chunk.scheduling(!noSharing));
    RunPlan plan = new Planner(home).plan(request(), engine);
    plan.notes().forEach(console.err()::println);
    OperatorLibrary.find().require();
    Path path = Optional.ofNullable(out).orElseGet(RunCommand::freshFolder);
    RunResult result;
    try (RunFolder folder = RunFolder.open(path)) {
      OutputFile.requireFolder(path);
      if (fresh) {
        folder.clear(ReportFiles.names());
      }
      result = evaluate(plan, folder);
    }

    FinishedRun finished = new FinishedRun(path.toString(), result);
    Report report = Report.of(List.of(finished));
    ReportFiles.write(path, report);
    ReportFiles.writePage(path, report, List.of());
    AttentionCsv.write(path, result);
    console
        .out()
        .print(json ? DataFile.of(path.resolve("results.json")).text() : ReportFiles.shown(report));
    ExitStatus verdict = verdict(finished);
    console.requireWritten();
    boolean incomplete = !result.complete() && verdict != ExitStatus.CHECK_SAYS_NO;
    return (incomplete ? ExitStatus.INCOMPLETE : verdict).code();
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

  /** Does what the folder does not hold already. */
  private RunResult evaluate(RunPlan plan, RunFolder folder) {
    Provenance provenance = Provenance.of(plan, home);
    RunManifest manifest = folder.begin(provenance.manifest());
    Optional<RunResult> finished = folder.finished();
    if (finished.isPresent()) {
      console.err().println(folder.path() + " holds this run, finished; --fresh starts over");
      return finished.get();
    }
    int earlier = folder.earlierSamples();
    console
        .err()
        .println(
            plan.rows()
                + " rows to come, into "
                + folder.path()
                + (earlier > 0 ? ", which has " + earlier + " samples already" : ""));
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

  private RunRequest request() {
    if (suite != null && !tasks.isEmpty()) {
      throw new BadInputException("--suite " + suite, "names tasks already; leave --tasks out");
    }
    Optional<String> named = Optional.ofNullable(suite);
    Optional<String> observed = observe.task(named);
    boolean tries = ObserveFlags.isBudget(named);
    Optional<Preset> base = tries ? Optional.of(budgetPreset()) : Optional.ofNullable(preset);
    Optional<BudgetGrid> grid = base.flatMap(Preset::grid).map(this::asked);
    return new RunRequest(
        base,
        models.stream().flatMap(RunCommand::eachModel).toList(),
        grid.filter(any -> modes.isEmpty()).map(BudgetGrid::modes).orElse(modes),
        tries ? observe.budgetTasks() : observed.map(List::of).orElse(tasks),
        tries || observed.isPresent() ? Optional.empty() : named,
        new Wishes(
            lengths.stream().map(Length::parse).toList(),
            shots == null ? OptionalInt.empty() : OptionalInt.of(shots),
            seeds,
            limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
            own()),
        Optional.ofNullable(rope),
        Optional.ofNullable(data),
        batch,
        ruler.cache(),
        observe.asked(named, grid.isPresent()),
        observe.attribution());
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
    if (models.isEmpty()) {
      throw new BadInputException("--suite budget", "needs --model: one that has full attention");
    }
    return Preset.BUDGET;
  }

  /** A preset's grid with the budgets that the user names. */
  private BudgetGrid asked(BudgetGrid grid) {
    List<String> tried = observe.triedBudgets();
    return tried.isEmpty() ? grid : new BudgetGrid(tried, grid.rules());
  }

  /** Commas separate models, unless there is a folder of the whole name. */
  private static Stream<String> eachModel(String text) {
    return Files.isDirectory(Path.of(text)) ? Stream.of(text) : Arrays.stream(text.split(",", -1));
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
