package org.ssasuite.core.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the values of columns together again to what a row's field was, by their levels.
 *
 * <p>Source: Melnik et al., Dremel, VLDB 2010, section 4; {@code LogicalTypes.md} of
 * apache/parquet-format for lists.
 */
interface FieldReader {
  /** The field of the row, or of the list's element, that comes next. */
  JsonNode read();

  /** The columns that it is made of; all of them have its levels. */
  List<ColumnReader> columns();

  /** Whether something is there; its columns have to agree. */
  static boolean isThere(List<ColumnReader> columns, int definition) {
    boolean there = columns.get(0).definition() >= definition;
    for (ColumnReader column : columns) {
      if ((column.definition() >= definition) != there) {
        throw column.spot().bad("has other levels than its neighbours");
      }
    }
    return there;
  }

  /** Passes over something that is not there, of which each column has a place. */
  static void pass(List<ColumnReader> columns) {
    columns.forEach(ColumnReader::next);
  }

  /** A column itself. */
  record Column(ColumnReader column) implements FieldReader {
    @Override
    public JsonNode read() {
      return column.next();
    }

    @Override
    public List<ColumnReader> columns() {
      return List.of(column);
    }
  }

  /**
   * Fields by their names.
   *
   * @param definition the level at which it is there
   */
  record Fields(Map<String, FieldReader> fields, int definition, List<ColumnReader> columns)
      implements FieldReader {
    Fields(Map<String, FieldReader> fields, int definition) {
      this(
          new LinkedHashMap<>(fields),
          definition,
          fields.values().stream().flatMap(field -> field.columns().stream()).toList());
    }

    @Override
    public JsonNode read() {
      if (!isThere(columns, definition)) {
        pass(columns);
        return NullNode.instance;
      }
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      fields.forEach((name, field) -> object.set(name, field.read()));
      return object;
    }
  }

  /**
   * A list.
   *
   * @param definition the level at which it is there, empty or not
   * @param element the level at which an element is there, null or not
   * @param repeats the level of one more element
   */
  record Elements(FieldReader each, int definition, int element, int repeats)
      implements FieldReader {
    @Override
    public List<ColumnReader> columns() {
      return each.columns();
    }

    @Override
    public JsonNode read() {
      List<ColumnReader> columns = each.columns();
      if (!isThere(columns, definition)) {
        pass(columns);
        return NullNode.instance;
      }
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      if (!isThere(columns, element)) {
        pass(columns);
        return list;
      }
      do {
        list.add(each.read());
      } while (goesOn(columns));
      return list;
    }

    private boolean goesOn(List<ColumnReader> columns) {
      boolean more = columns.get(0).repetition() == repeats;
      for (ColumnReader column : columns) {
        if ((column.repetition() == repeats) != more || column.repetition() > repeats) {
          throw column.spot().bad("has other levels than its neighbours");
        }
      }
      return more;
    }
  }
}
