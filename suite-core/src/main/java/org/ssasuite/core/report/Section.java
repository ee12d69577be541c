package org.ssasuite.core.report;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A part of a report: a table, what has to be read with it, and what can be drawn.
 *
 * @param key names it in files and links, unique in a report
 * @param title a few words
 * @param lead what its table shows, as a sentence; may be empty
 * @param columns none: it has no table
 * @param notes what has to be read with it, a sentence or more each
 */
public record Section(
    String key,
    String title,
    String lead,
    List<Column> columns,
    List<Row> rows,
    List<String> notes,
    List<Curves> curves,
    List<Grid> grids) {
  private static final Pattern KEY = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  public Section {
    requireKey(key);
    Objects.requireNonNull(title);
    Objects.requireNonNull(lead);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
    curves = List.copyOf(curves);
    grids = List.copyOf(grids);
    Set<String> keys = new HashSet<>();
    for (Column column : columns) {
      if (!keys.add(column.key())) {
        throw new IllegalArgumentException(key + " has two columns " + column.key());
      }
    }
    for (Row row : rows) {
      if (row.cells().size() != columns.size()) {
        throw new IllegalArgumentException(
            key + ": " + row.cells().size() + " cells for " + columns.size() + " columns");
      }
    }
  }

  /** A table alone. */
  public static Section table(
      String key, String title, String lead, List<Column> columns, List<Row> rows) {
    return new Section(key, title, lead, columns, rows, List.of(), List.of(), List.of());
  }

  /** Words alone. */
  public static Section words(String key, String title, String note) {
    return new Section(key, title, "", List.of(), List.of(), List.of(note), List.of(), List.of());
  }

  /** Pictures alone. */
  public static Section pictures(String key, String title, List<Curves> curves) {
    return new Section(key, title, "", List.of(), List.of(), List.of(), curves, List.of());
  }

  /** The same with something to be read with it. */
  public Section noting(List<String> sentences) {
    return new Section(key, title, lead, columns, rows, sentences, curves, grids);
  }

  /** The same with pictures. */
  public Section drawn(List<Curves> ofIt, List<Grid> inIt) {
    return new Section(key, title, lead, columns, rows, notes, ofIt, inIt);
  }

  static void requireKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("key '" + key + "' of a section");
    }
  }
}
