package org.ssasuite.core.parquet;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.parquet.SchemaNode.Repetition;

/** Makes a tree of a footer's list of elements, in which children follow their group. */
final class Schema {
  private static final int MOST_LEVELS = 32;
  private static final int MOST_ELEMENTS = 100_000;

  private final List<ThriftStruct> elements;
  private final Spot spot;
  private int at;

  private Schema(List<ThriftStruct> elements, Spot spot) {
    this.elements = elements;
    this.spot = spot;
  }

  /** The columns and groups of a row. */
  static List<SchemaNode> read(List<ThriftStruct> elements, Spot spot) {
    if (elements.isEmpty() || elements.size() > MOST_ELEMENTS) {
      throw spot.bad("its schema has " + elements.size() + " elements");
    }
    Schema schema = new Schema(elements, spot);
    schema.at = 1;
    List<SchemaNode> rows = new ArrayList<>();
    int columns = elements.get(0).count(5, "the schema's number of columns");
    for (int i = 0; i < columns; i++) {
      rows.add(schema.node("", 0, 0, 1));
    }
    if (schema.at != elements.size()) {
      throw spot.bad("its schema has elements that belong to nothing");
    }
    return rows;
  }

  private SchemaNode node(String above, int definition, int repeats, int level) {
    if (at == elements.size()) {
      throw spot.bad("its schema ends within a group");
    }
    if (level > MOST_LEVELS) {
      throw spot.bad("its schema is nested more than " + MOST_LEVELS + " deep");
    }
    ThriftStruct element = elements.get(at++);
    String name = element.text(4, "a column's name");
    String path = above + name;
    Repetition repetition = repetition(element);
    int own = definition + (repetition == Repetition.REQUIRED ? 0 : 1);
    int ownRepeats = repeats + (repetition == Repetition.REPEATED ? 1 : 0);
    int count = element.has(5) ? element.count(5, "a group's number of columns") : 0;
    List<SchemaNode> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      children.add(node(path + ".", own, ownRepeats, level + 1));
    }
    int type = children.isEmpty() ? element.count(1, "the type of column '" + path + "'") : -1;
    return new SchemaNode(
        name, repetition, type, Meaning.of(element), children, own, ownRepeats, path);
  }

  private Repetition repetition(ThriftStruct element) {
    int number = element.count(3, "a column's repetition");
    return switch (number) {
      case 0 -> Repetition.REQUIRED;
      case 1 -> Repetition.OPTIONAL;
      case 2 -> Repetition.REPEATED;
      default -> throw spot.bad("a column's repetition is " + number);
    };
  }
}
