package org.ssasuite.leaderboards.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.statistics.Interval;

/**
 * A section's table for machines: all digits, an empty field where there is nothing to say. Behind
 * a column stand its cells' parts, intervals and marks, where it has any; {@code docs/formats.md}
 * explains them.
 */
final class SectionCsv {
  private final List<Column> columns;
  private final List<Row> rows;
  private final TypedTable<Row> table;

  private SectionCsv(Section section) {
    columns = section.columns();
    rows = section.rows();
    table = new TypedTable<>(rows);
  }

  /** The whole file. */
  static String of(Section section) {
    SectionCsv csv = new SectionCsv(section);
    for (int i = 0; i < csv.columns.size(); i++) {
      csv.add(i);
    }
    return csv.table.csv();
  }

  private void add(int at) {
    Column column = columns.get(at);
    String key = column.key();
    List<Cell> cells = rows.stream().map(row -> row.cells().get(at)).toList();
    if (column.shown() == Shown.WORDS || cells.stream().anyMatch(Cell.Text.class::isInstance)) {
      table.text(key, row -> text(row.cells().get(at)));
    } else if (cells.stream().anyMatch(Cell.Real.class::isInstance)) {
      table.real(key, row -> value(row.cells().get(at)));
    } else {
      table.whole(key, row -> count(row.cells().get(at)));
    }
    for (String part : parts(cells)) {
      table.whole(key + "_" + part, row -> part(row.cells().get(at), part));
    }
    if (column.interval().isPresent()) {
      table.real(key + "_low", row -> interval(row.cells().get(at)).map(Interval::low));
      table.real(key + "_high", row -> interval(row.cells().get(at)).map(Interval::high));
      table.real(key + "_level", row -> interval(row.cells().get(at)).map(Interval::level));
    }
    if (cells.stream().anyMatch(cell -> !cell.marks().isEmpty())) {
      table.text(key + "_marks", row -> marks(row.cells().get(at)));
    }
  }

  private static Set<String> parts(List<Cell> cells) {
    Set<String> parts = new LinkedHashSet<>();
    for (Cell cell : cells) {
      if (cell instanceof Cell.Text text) {
        parts.addAll(text.parts().keySet());
      }
    }
    return parts;
  }

  private static Optional<Long> part(Cell cell, String name) {
    return cell instanceof Cell.Text text
        ? Optional.ofNullable(text.parts().get(name))
        : Optional.empty();
  }

  private static String text(Cell cell) {
    return cell.fold(
        text -> text.text(),
        whole -> String.valueOf(whole.value()),
        real -> String.valueOf(real.value()),
        () -> "");
  }

  private static Optional<Double> value(Cell cell) {
    return cell.fold(
        text -> Optional.empty(),
        whole -> Optional.of((double) whole.value()),
        real -> Optional.of(real.value()),
        () -> Optional.empty());
  }

  private static Optional<Long> count(Cell cell) {
    return cell instanceof Cell.Whole whole ? Optional.of(whole.value()) : Optional.empty();
  }

  private static Optional<Interval> interval(Cell cell) {
    return cell instanceof Cell.Real real ? real.interval() : Optional.empty();
  }

  /** Names with spaces between. */
  private static String marks(Cell cell) {
    return cell.marks().stream().map(SectionCsv::name).collect(Collectors.joining(" "));
  }

  static String name(Mark mark) {
    return PythonText.lower(mark.name());
  }
}
