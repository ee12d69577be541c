package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Standing;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;

/** A section for people, in a file or a terminal: rounded; its pictures are left out. */
final class SectionMarkdown {
  private static final String BEST =
      "**Bold**: best value of the rows with the same task, protocol, data and samples. No other"
          + " rows are comparable; intervals say how sure it is.";

  private final Section section;
  private final CellText shown;

  private SectionMarkdown(Section section) {
    this.section = section;
    this.shown = new CellText(section);
  }

  /** Empty for a section that has neither a table nor notes. */
  static String of(Section section) {
    SectionMarkdown markdown = new SectionMarkdown(section);
    String lead = section.lead().isEmpty() ? "" : "\n" + section.lead() + "\n\n";
    return lead + (section.columns().isEmpty() ? "" : markdown.table()) + markdown.notes();
  }

  private String notes() {
    boolean best =
        section.rows().stream().flatMap(row -> row.standing().stream()).anyMatch(Standing::best);
    List<String> notes =
        Stream.concat(best ? Stream.of(BEST) : Stream.empty(), section.notes().stream()).toList();
    return notes.isEmpty() ? "" : "\n" + String.join("\n", notes) + "\n";
  }

  private String table() {
    MarkdownTable table = new MarkdownTable();
    for (Column column : section.columns()) {
      table.column(column.heading(), column.shown() == Shown.WORDS ? Side.LEFT : Side.RIGHT);
      column.interval().ifPresent(heading -> table.column(heading, Side.RIGHT));
    }
    section.rows().forEach(row -> table.row(cells(row)));
    return table.text();
  }

  private List<String> cells(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.cells().size(); i++) {
      Column column = section.columns().get(i);
      Cell cell = row.cells().get(i);
      if (column.interval().isPresent()) {
        boolean best = row.standing().filter(Standing::best).isPresent();
        String value = text(row, i);
        cells.add(best ? "**" + value + "**" : value);
        cells.add(CellText.interval(cell));
      } else {
        cells.add(text(row, i) + CellText.signs(cell));
      }
    }
    return cells;
  }

  private String text(Row row, int at) {
    String text = shown.of(row, at);
    return row.cells().get(at) instanceof Cell.Text ? MarkdownTable.escaped(text) : text;
  }
}
