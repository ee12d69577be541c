package org.ssasuite.leaderboards.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.leaderboards.report.CellText;
import org.ssasuite.leaderboards.report.ties.Ties;

/** A table as the page's template reads it. Mutable while it is filled. */
final class PageTable {
  /** Characters of a name that stays in one line. */
  private static final int SHORT = 28;

  private final List<Map<String, Object>> columns = new ArrayList<>();
  private final List<List<Map<String, Object>>> rows = new ArrayList<>();
  private final boolean sortable;

  PageTable(boolean sortable) {
    this.sortable = sortable;
  }

  PageTable column(String heading, boolean number) {
    columns.add(Map.of("heading", VisibleText.of(heading), "number", number));
    return this;
  }

  void row(List<Map<String, Object>> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + columns.size() + " columns");
    }
    rows.add(cells);
  }

  static Map<String, Object> cell(String text) {
    return Map.of("text", VisibleText.of(text));
  }

  static Map<String, Object> cell(long count) {
    return Map.of("text", String.valueOf(count), "value", String.valueOf(count), "style", "n");
  }

  /** Puts the table's own keys into what the template gets. */
  void into(Map<String, Object> model) {
    model.put("columns", columns);
    model.put("rows", rows);
    model.put("sortable", sortable);
  }

  /**
   * A section's table.
   *
   * @param judged one for each row
   * @param samples the link to a source's samples
   * @param seen what of a row's smallest visible difference is said; absent: there is no such
   *     column
   */
  static PageTable of(
      Section section,
      List<Optional<Ties.Judged>> judged,
      Function<Source, Optional<String>> samples,
      Optional<Function<Integer, String>> seen) {
    PageTable table = new PageTable(true);
    for (Column column : section.columns()) {
      table.column(column.heading(), column.shown() != Shown.WORDS);
      column.interval().ifPresent(heading -> table.column(heading, true));
    }
    seen.ifPresent(any -> table.column("Smallest visible difference", true));
    boolean linked = section.rows().stream().anyMatch(row -> link(row, samples).isPresent());
    if (linked) {
      table.column("Samples", false);
    }
    CellText cells = new CellText(section);
    for (int i = 0; i < section.rows().size(); i++) {
      Row row = section.rows().get(i);
      List<Map<String, Object>> line = new ArrayList<>(cells(section, cells, row, judged.get(i)));
      int at = i;
      seen.ifPresent(text -> line.add(number(text.apply(at), Optional.empty(), "")));
      if (linked) {
        line.add(
            link(row, samples)
                .map(to -> Map.<String, Object>of("text", "samples", "link", to))
                .orElse(cell("")));
      }
      table.row(line);
    }
    return table;
  }

  private static Optional<String> link(Row row, Function<Source, Optional<String>> samples) {
    return row.sources().size() == 1 ? samples.apply(row.sources().get(0)) : Optional.empty();
  }

  private static List<Map<String, Object>> cells(
      Section section, CellText shown, Row row, Optional<Ties.Judged> judged) {
    List<Map<String, Object>> line = new ArrayList<>();
    for (int i = 0; i < row.cells().size(); i++) {
      Cell cell = row.cells().get(i);
      Column column = section.columns().get(i);
      boolean ranked = column.interval().isPresent();
      String text = VisibleText.of(shown.of(row, i));
      if (ranked) {
        line.add(number(text + sign(judged), value(cell), " " + style(judged)));
        line.add(number(CellText.interval(cell), Optional.empty(), ""));
      } else if (column.shown() == Shown.WORDS) {
        String words = text + CellText.signs(cell);
        line.add(
            words.length() <= SHORT ? Map.of("text", words, "style", "w") : Map.of("text", words));
      } else {
        line.add(number(text + CellText.signs(cell), value(cell), ""));
      }
    }
    return line;
  }

  /** A sign too: colour and weight alone would tell it to some readers only. */
  private static String sign(Optional<Ties.Judged> judged) {
    return judged
        .map(
            row ->
                switch (row.place()) {
                  case BEST -> " ★";
                  case TIED -> " ≈";
                  case BEHIND -> "";
                })
        .orElse("");
  }

  private static String style(Optional<Ties.Judged> judged) {
    return judged
        .map(
            row ->
                switch (row.place()) {
                  case BEST -> "best";
                  case TIED -> "tied";
                  case BEHIND -> "";
                })
        .orElse("");
  }

  private static Map<String, Object> number(String text, Optional<Double> value, String style) {
    Map<String, Object> cell = new LinkedHashMap<>();
    cell.put("text", text);
    cell.put("style", PythonText.strip("n" + style));
    value.ifPresent(number -> cell.put("value", String.valueOf(number)));
    return cell;
  }

  private static Optional<Double> value(Cell cell) {
    return cell.fold(
        text -> text.parts().values().stream().findFirst().map(Long::doubleValue),
        whole -> Optional.of((double) whole.value()),
        real -> Optional.of(real.value()),
        () -> Optional.empty());
  }
}
