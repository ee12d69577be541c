package org.ssasuite.leaderboards.report;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.report.Section;
import org.ssasuite.leaderboards.report.latex.LatexTable;
import org.ssasuite.leaderboards.report.latex.PaperTable;
import org.ssasuite.leaderboards.report.page.ReportPage;
import org.ssasuite.leaderboards.report.samples.RowLogs;

/** A report as files. */
public final class ReportFiles {
  private static final String CSV = "leaderboard.csv";
  private static final String MARKDOWN = "leaderboard.md";
  private static final String JSON = "report.json";
  private static final String PAGE = "report.html";
  private static final String LATEX = "leaderboard.tex";
  private static final String TABLE = "table1.tex";

  private ReportFiles() {}

  /** What {@link #write}, {@link #writePage} and {@link AttentionCsv#write} write. */
  public static List<String> names() {
    return List.of(CSV, MARKDOWN, LATEX, TABLE, PAGE, AttentionCsv.NAME);
  }

  /** Writes the leaderboard as CSV and the report as Markdown into a folder that exists. */
  public static void write(Path folder, Report report) {
    AtomicFile.write(folder.resolve(CSV), LeaderboardCsv.of(report.leaderboard()));
    AtomicFile.write(folder.resolve(MARKDOWN), LeaderboardMarkdown.of(report));
  }

  /**
   * Writes {@code report.html} and {@code leaderboard.tex}, and of runs of the paper's table 1
   * {@code table1.tex}, of runs that were checked, into a folder that exists.
   *
   * @param further sections behind those of the report
   */
  public static ReportPage writePage(Path folder, Report report, List<Section> further) {
    return writePage(folder, report, new RowLogs(), further);
  }

  /**
   * The same.
   *
   * @param logs those that were read already
   */
  public static ReportPage writePage(
      Path folder, Report report, RowLogs logs, List<Section> further) {
    ReportPage page = new ReportPage(report, ReportPage.logs(report, logs), further);
    AtomicFile.write(folder.resolve(PAGE), page.html());
    AtomicFile.write(folder.resolve(LATEX), LatexTable.of(report.leaderboard(), page.standings()));
    PaperTable.of(report.leaderboard())
        .ifPresent(table -> AtomicFile.write(folder.resolve(TABLE), table));
    return page;
  }

  /** Writes {@code report.json}, and each section's table as CSV, into a folder that exists. */
  static void writeSections(Path folder, Report report) {
    AtomicFile.write(folder.resolve(JSON), ReportJson.of(report));
    for (Section section : report.sections()) {
      if (!section.columns().isEmpty()) {
        AtomicFile.write(folder.resolve(section.key() + ".csv"), SectionCsv.of(section));
      }
    }
  }

  /** The tables as a terminal shows them. */
  public static String shown(Report report) {
    return LeaderboardMarkdown.body(report);
  }
}
