package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.leaderboards.report.AttentionCsv;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Report;
import org.ssasuite.leaderboards.report.ReportFiles;
import org.ssasuite.leaderboards.report.samples.RowLogs;

/** What is made of a run's results, beside them in its folder. */
record ResultFiles(Path folder, FinishedRun run, Report report) {
  /** Writes all of it. */
  static ResultFiles write(Path folder, RunResult result) {
    FinishedRun finished = new FinishedRun(folder.toString(), result);
    RowLogs logs = new RowLogs();
    Report report = Report.of(List.of(finished), logs);
    ReportFiles.write(folder, report);
    ReportFiles.writePage(folder, report, logs, List.of());
    AttentionCsv.write(folder, result);
    return new ResultFiles(folder, finished, report);
  }

  /**
   * What is printed.
   *
   * @param json for machines; else the tables, of a tour what they come to
   */
  String shown(boolean json) {
    if (json) {
      return DataFile.of(folder.resolve("results.json")).text();
    }
    return Tour.is(run.result().manifest().spec())
        ? TourSummary.of(run)
        : ReportFiles.shown(report);
  }
}
