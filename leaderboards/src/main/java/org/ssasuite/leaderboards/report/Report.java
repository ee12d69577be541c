package org.ssasuite.leaderboards.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Reporter;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.run.attention.WatchedRow;
import org.ssasuite.leaderboards.attribution.AttributionSections;
import org.ssasuite.leaderboards.conformance.ConformanceSections;
import org.ssasuite.leaderboards.report.attention.AttentionSections;
import org.ssasuite.leaderboards.report.attention.WatchedResult;
import org.ssasuite.leaderboards.report.average.SuiteAverages;
import org.ssasuite.leaderboards.report.budget.BudgetRow;
import org.ssasuite.leaderboards.report.budget.BudgetRun;
import org.ssasuite.leaderboards.report.budget.BudgetSections;
import org.ssasuite.leaderboards.report.extrapolation.ExtrapolationSections;
import org.ssasuite.leaderboards.report.extrapolation.LengthResult;
import org.ssasuite.leaderboards.report.extrapolation.PassResult;
import org.ssasuite.leaderboards.report.samples.RowLogs;
import org.ssasuite.leaderboards.report.seeds.SeedSections;
import org.ssasuite.leaderboards.report.training.CheckpointSeries;
import org.ssasuite.leaderboards.task.TaskModules;

/**
 * All that is said about one or several runs.
 *
 * @param averages over suites
 * @param sections the leaderboard's first, then those of the task modules, series of seeds, what
 *     budgets buy, how far models extrapolate, where attention goes, how far modes are from a
 *     reference, and why samples failed
 */
public record Report(Leaderboard leaderboard, SuiteAverages averages, List<Section> sections) {
  public Report {
    sections = List.copyOf(sections);
  }

  /**
   * Makes it.
   *
   * @throws org.ssasuite.core.BadInputException if a log of statistics is not any more what the
   *     results say
   */
  public static Report of(List<FinishedRun> runs) {
    Leaderboard leaderboard = Leaderboard.of(runs);
    return of(leaderboard, SuiteAverages.none(leaderboard));
  }

  /**
   * The same, with averages over suites.
   *
   * @param logs those that were read already
   */
  public static Report of(List<FinishedRun> runs, RowLogs logs) {
    Leaderboard leaderboard = Leaderboard.of(runs);
    return of(leaderboard, SuiteAverages.of(leaderboard, logs));
  }

  private static Report of(Leaderboard leaderboard, SuiteAverages averages) {
    List<Section> sections = new ArrayList<>();
    sections.add(LeaderboardSection.of(leaderboard));
    averages.section().ifPresent(sections::add);
    CheckpointSeries.of(leaderboard).ifPresent(sections::add);
    for (Reporter reporter : TaskModules.reporters()) {
      List<ReportedResult> own =
          leaderboard.results().stream()
              .filter(result -> reporter.suites().contains(result.result().task().benchmark()))
              .toList();
      if (!own.isEmpty()) {
        sections.addAll(reporter.sections(own));
      }
    }
    sections.addAll(
        SeedSections.of(
            leaderboard.results(), leaderboard.runs().stream().map(FinishedRun::folder).toList()));
    sections.addAll(BudgetSections.of(budgeted(leaderboard)));
    List<WatchedResult> watched = watched(leaderboard);
    sections.addAll(ExtrapolationSections.of(byLength(leaderboard, watched), passes(leaderboard)));
    sections.addAll(AttentionSections.of(watched));
    sections.addAll(ConformanceSections.of(leaderboard.results()));
    sections.addAll(AttributionSections.of(leaderboard.results()));
    return new Report(leaderboard, averages, sections);
  }

  /** The same with a section behind all others. */
  Report with(Section section) {
    List<Section> all = new ArrayList<>(sections);
    all.add(section);
    return new Report(leaderboard, averages, all);
  }

  /** The runs that ask what a budget buys. */
  private static List<BudgetRun> budgeted(Leaderboard leaderboard) {
    List<BudgetRun> runs = new ArrayList<>();
    for (FinishedRun run : leaderboard.runs()) {
      if (BudgetSections.PRESETS.contains(run.result().manifest().spec().preset())) {
        runs.add(
            new BudgetRun(
                leaderboard.runs().indexOf(run) + 1,
                run.result().results().stream()
                    .map(run::reported)
                    .flatMap(result -> BudgetRow.read(result).stream())
                    .toList(),
                run.result().costs()));
      }
    }
    return runs;
  }

  /** What the logs of rows with statistics hold. */
  private static List<WatchedResult> watched(Leaderboard leaderboard) {
    return leaderboard.rows().stream()
        .filter(row -> row.result().attention().isPresent())
        .map(
            row ->
                new WatchedResult(
                    row.reported(),
                    leaderboard.runs().indexOf(row.run()) + 1,
                    row.run().observesPrompts(),
                    WatchedRow.read(Path.of(row.run().folder()), row.result())))
        .toList();
  }

  /** Results of suite extrapolation, with what is said of the attention of the rated tokens. */
  private static List<LengthResult> byLength(Leaderboard leaderboard, List<WatchedResult> watched) {
    return leaderboard.rows().stream()
        .flatMap(
            row ->
                LengthResult.read(
                    row.reported(),
                    leaderboard.runs().indexOf(row.run()) + 1,
                    watched.stream()
                        .filter(seen -> seen.reported().equals(row.reported()))
                        .filter(seen -> !seen.ofPrompt())
                        .map(WatchedResult::row)
                        .findFirst())
                    .stream())
        .toList();
  }

  private static List<PassResult> passes(Leaderboard leaderboard) {
    return leaderboard.rows().stream()
        .filter(row -> row.result().task().base().equals("extrapolation-pass"))
        .map(row -> new PassResult(row.reported(), leaderboard.runs().indexOf(row.run()) + 1))
        .toList();
  }
}
