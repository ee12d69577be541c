package org.ssasuite.leaderboards.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.report.lmeval.HarnessFile;
import org.ssasuite.leaderboards.report.page.FigureFiles;
import org.ssasuite.leaderboards.report.page.ReportPage;
import org.ssasuite.leaderboards.report.published.PublishedSection;
import org.ssasuite.leaderboards.report.published.PublishedTable;
import org.ssasuite.leaderboards.report.samples.RowLogs;
import org.ssasuite.leaderboards.report.training.TrainingCurves;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa report}: one leaderboard over several runs. */
@Command(
    name = "report",
    header = "One leaderboard over several runs.",
    description = {
      "Writes leaderboard.csv (all digits) and leaderboard.md (rounded), prints the latter;",
      "leaderboard.tex: for LaTeX with booktabs;",
      "report.html: all of it with pictures, sorting tables and samples, one file that loads nothing;",
      "of runs that observed attention also attention.csv, each statistic by layer and head.",
      "Only rows with the same task, protocol, data and number of samples are compared. Every figure",
      "is counted again from the samples first; a run whose files do not agree is refused."
    },
    footer = {
      "",
      "Examples:",
      "  ssa report runs/monday",
      "  ssa report runs/before runs/after --out comparison --published",
      "  ssa report runs/* --json > leaderboard.json",
      "  ssa report runs/monday --sections data --figures paper --format lm-eval"
    })
public final class ReportCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description = "Folders of finished runs; also of training runs, for report.html.")
  private List<Path> folders;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the files; made if need be. Default: the current one.")
  private Path out = Path.of("");

  @Option(
      names = "--sections",
      paramLabel = "DIR",
      description =
          "Folder for the report as data: report.json, and each section's table as CSV; made if"
              + " need be.")
  private Path sections;

  @Option(
      names = "--figures",
      paramLabel = "DIR",
      description = "Folder for each picture of report.html as SVG, PNG and CSV; made if need be.")
  private Path figures;

  @Option(
      names = "--published",
      description = "Put published figures of the same tasks beside ours (leaderboards/published).")
  private boolean published;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      split = ",",
      description =
          "Further forms of the results in --out. lm-eval: a file for each model and mode in the"
              + " layout of lm-evaluation-harness 0.4.9.")
  private List<String> formats = List.of();

  @Option(names = "--json", description = "Print the rows as JSON instead of the table.")
  private boolean json;

  public ReportCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  /** A further form of results. */
  private enum Form {
    LM_EVAL {
      @Override
      void write(Path folder, List<FinishedRun> runs) {
        for (int i = 0; i < runs.size(); i++) {
          HarnessFile.of(runs.get(i), i + 1)
              .forEach(file -> AtomicFile.write(folder.resolve(file.name()), file.text()));
        }
      }
    };

    abstract void write(Path folder, List<FinishedRun> runs);
  }

  private static Form form(String word) {
    return Choice.of(
        "--format", word, Form.values(), form -> PythonText.lower(form.name()).replace('_', '-'));
  }

  private Report report(List<FinishedRun> runs, RowLogs logs) {
    Report report = Report.of(runs, logs);
    return published
        ? report.with(
            PublishedSection.of(
                PublishedTable.in(home.published()), report.leaderboard().results()))
        : report;
  }

  /** Opens runs, several at a time. Of several that cannot be opened the first is told. */
  private List<FinishedRun> opened(List<Path> of, RowLogs logs) {
    List<Supplier<CheckedRun>> read = of.parallelStream().map(f -> outcome(f, logs)).toList();
    List<FinishedRun> runs = new ArrayList<>();
    for (Supplier<CheckedRun> outcome : read) {
      CheckedRun run = outcome.get();
      run.caveat().ifPresent(console.err()::println);
      runs.add(new FinishedRun(run.folder().toString(), run.result()));
    }
    return runs;
  }

  /** Gives the run, or throws what opening it threw. */
  private static Supplier<CheckedRun> outcome(Path folder, RowLogs logs) {
    try {
      CheckedRun run = CheckedRun.open(folder, (row, samples) -> logs.add(folder, row, samples));
      return () -> run;
    } catch (BadInputException e) {
      return () -> {
        throw e;
      };
    }
  }

  @Override
  public Integer call() {
    List<Form> forms = formats.stream().map(ReportCommand::form).toList();
    Map<Boolean, List<Path>> kinds =
        folders.stream().distinct().collect(Collectors.partitioningBy(TrainingCurves::isIn));
    List<Section> training = new ArrayList<>();
    for (Path folder : kinds.get(true)) {
      training.add(TrainingCurves.of(folder, training.size() + 1));
    }
    RowLogs logs = new RowLogs();
    List<FinishedRun> runs = opened(kinds.get(false), logs);
    Report report = report(runs, logs);
    OutputFile.requireFolder(out);
    if (sections != null) {
      OutputFile.requireFolder(sections);
      ReportFiles.writeSections(sections, report);
      AttentionCsv.write(sections, runs);
    }
    ReportFiles.write(out, report);
    ReportPage page = ReportFiles.writePage(out, report, logs, training);
    if (figures != null) {
      OutputFile.requireFolder(figures);
      FigureFiles.write(figures, page);
    }
    AttentionCsv.write(out, runs);
    forms.forEach(form -> form.write(out, runs));
    console
        .out()
        .print(json ? LeaderboardJson.of(report.leaderboard()) : ReportFiles.shown(report));
    console.requireWritten();
    boolean complete =
        report.leaderboard().rows().stream()
            .map(LeaderboardRow::result)
            .allMatch(TaskResult::complete);
    return (complete ? ExitStatus.DONE : ExitStatus.INCOMPLETE).code();
  }
}
