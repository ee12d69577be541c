package org.ssasuite.leaderboards.report.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;

/** All that a report says of attention; nothing where nobody looked. */
public final class AttentionSections {
  private static final String FEW =
      "†: fewer than 20 documents; a Student t interval, or none for a single document. All others"
          + " are bootstrapped over documents, or Wilson's where a share is the same in all.";

  private AttentionSections() {}

  /** The sections, in order. */
  public static List<Section> of(List<WatchedResult> results) {
    if (results.isEmpty()) {
      return List.of();
    }
    boolean severalRuns =
        results.stream().map(WatchedResult::runNumber).distinct().limit(2).count() > 1;
    return Stream.of(
            Stream.of(MeansSection.of(results, severalRuns)),
            DifferenceSection.of(results, severalRuns).stream(),
            HeadSection.of(results, severalRuns).stream())
        .flatMap(each -> each)
        .toList();
  }

  /** What a section says where an interval is of few documents; nothing where none is. */
  static List<String> notes(List<Row> rows) {
    boolean few =
        rows.stream().flatMap(row -> row.cells().stream()).anyMatch(c -> !c.marks().isEmpty());
    return few ? List.of(FEW) : List.of();
  }

  /** A section's own columns, and which run a row is of where there are several. */
  static List<Column> columns(boolean severalRuns, Column... own) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model", "Model"),
                Column.words("mode", "Mode"),
                Column.words("task", "Task"),
                Column.words("statistic", "Statistic")));
    columns.addAll(List.of(own));
    if (severalRuns) {
      columns.add(Column.count("run", "Run", Unit.NONE));
    }
    return columns;
  }
}
