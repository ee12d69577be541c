package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Reporter;
import org.ssasuite.core.report.Section;
import org.ssasuite.leaderboards.attribution.AttributionSections;
import org.ssasuite.leaderboards.task.TaskModules;

/**
 * All that is said about one or several runs.
 *
 * @param sections the leaderboard's first, then those of the task modules, then where attention
 *     goes and why samples failed
 */
public record Report(Leaderboard leaderboard, List<Section> sections) {
  public Report {
    sections = List.copyOf(sections);
  }

  public static Report of(List<FinishedRun> runs) {
    Leaderboard leaderboard = Leaderboard.of(runs);
    List<Section> sections = new ArrayList<>();
    sections.add(LeaderboardSection.of(leaderboard));
    for (Reporter reporter : TaskModules.reporters()) {
      List<ReportedResult> own =
          leaderboard.results().stream()
              .filter(result -> reporter.suites().contains(result.result().task().benchmark()))
              .toList();
      if (!own.isEmpty()) {
        sections.addAll(reporter.sections(own));
      }
    }
    AttentionSection.of(leaderboard.results()).ifPresent(sections::add);
    sections.addAll(AttributionSections.of(leaderboard.results()));
    return new Report(leaderboard, sections);
  }
}
