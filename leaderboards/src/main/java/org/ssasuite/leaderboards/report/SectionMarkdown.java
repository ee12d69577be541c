package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Standing;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;

/** A section for people, in a file or a terminal: rounded; its pictures are left out. */
final class SectionMarkdown {
  private static final String NOTHING = "–";
  private static final String BEST =
      "**Bold**: best value of the rows with the same task, protocol, data and samples. No other"
          + " rows are comparable; intervals say how sure it is.";

  private final Section section;

  private SectionMarkdown(Section section) {
    this.section = section;
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
        String value = text(cell, column, row);
        cells.add(best ? "**" + value + "**" : value);
        cells.add(interval(cell));
      } else {
        cells.add(text(cell, column, row) + signs(cell));
      }
    }
    return cells;
  }

  private String text(Cell cell, Column column, Row row) {
    return cell.fold(
        words -> MarkdownTable.escaped(words.text()),
        whole ->
            column.shown() == Shown.LARGE_COUNT
                ? String.format(Locale.ROOT, "%,d", whole.value())
                : String.valueOf(whole.value()),
        real -> Rounding.of(real.value(), decimals(real.value(), column, row)),
        () -> NOTHING);
  }

  private int decimals(double value, Column column, Row row) {
    return switch (column.shown()) {
      case WORDS, COUNT, LARGE_COUNT, WHOLE -> 0;
      case TENTHS -> 1;
      case HUNDREDTHS -> 2;
      case FOUR_DIGITS -> Rounding.decimals(value);
      case LIKE_RANKED -> Rounding.decimals(ranked(row).orElse(value));
    };
  }

  /** The figure by which the row is ranked. */
  private OptionalDouble ranked(Row row) {
    for (int i = 0; i < row.cells().size(); i++) {
      if (section.columns().get(i).interval().isPresent()
          && row.cells().get(i) instanceof Cell.Real real) {
        return OptionalDouble.of(real.value());
      }
    }
    return OptionalDouble.empty();
  }

  /** With the decimals of its figure, and with what that has to be read with. */
  private static String interval(Cell cell) {
    if (!(cell instanceof Cell.Real real) || real.interval().isEmpty()) {
      return NOTHING;
    }
    int decimals = Rounding.decimals(real.value());
    Interval interval = real.interval().get();
    return Rounding.of(interval.low(), decimals)
        + " – "
        + Rounding.of(interval.high(), decimals)
        + signs(cell);
  }

  private static String signs(Cell cell) {
    StringBuilder signs = new StringBuilder();
    for (Mark mark : cell.marks()) {
      signs.append(' ').append(mark.sign());
    }
    return signs.toString();
  }
}
