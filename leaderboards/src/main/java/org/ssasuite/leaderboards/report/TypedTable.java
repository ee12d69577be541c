package org.ssasuite.leaderboards.report;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvWriteOptions;

/**
 * A table for machines: a typed column for each fact about its rows. Mutable while it is filled.
 *
 * @param <R> what a row is of
 */
final class TypedTable<R> {
  private final List<R> rows;
  private final List<Column<?>> columns = new ArrayList<>();

  TypedTable(List<R> rows) {
    this.rows = List.copyOf(rows);
  }

  /** A column of texts, which may be foreign; the empty text is nothing. */
  TypedTable<R> text(String name, Function<R, String> fact) {
    columns.add(StringColumn.create(name, rows.stream().map(fact).map(SpreadsheetText::of)));
    return this;
  }

  TypedTable<R> whole(String name, Function<R, Optional<Long>> fact) {
    return add(LongColumn.create(name), fact);
  }

  TypedTable<R> real(String name, Function<R, Optional<Double>> fact) {
    return add(DoubleColumn.create(name), fact);
  }

  TypedTable<R> flag(String name, Function<R, Optional<Boolean>> fact) {
    return add(BooleanColumn.create(name), fact);
  }

  private <T> TypedTable<R> add(Column<T> column, Function<R, Optional<T>> fact) {
    for (R row : rows) {
      fact.apply(row).ifPresentOrElse(column::append, column::appendMissing);
    }
    columns.add(column);
    return this;
  }

  Table table() {
    return Table.create(columns);
  }

  /** One header line, line feeds, nothing trimmed. */
  String csv() {
    StringWriter text = new StringWriter();
    table()
        .write()
        .usingOptions(
            CsvWriteOptions.builder(text)
                .lineEnd("\n")
                .ignoreLeadingWhitespaces(false)
                .ignoreTrailingWhitespaces(false)
                .build());
    return text.toString();
  }
}
