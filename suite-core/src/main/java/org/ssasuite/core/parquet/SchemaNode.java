package org.ssasuite.core.parquet;

import java.util.List;

/**
 * A column, or a group of columns, as a file's schema has it.
 *
 * @param repetition how often it stands in what it belongs to
 * @param type the format's number of a column's type; −1 for a group
 * @param meaning what the schema says that the type or group stands for
 * @param children of a group
 * @param definition the level at which it is there
 * @param repeats the level at which it stands once more
 * @param path names from the top, with dots
 */
record SchemaNode(
    String name,
    Repetition repetition,
    int type,
    Meaning meaning,
    List<SchemaNode> children,
    int definition,
    int repeats,
    String path) {
  /** How often something stands in its group. */
  enum Repetition {
    REQUIRED,
    OPTIONAL,
    REPEATED
  }

  SchemaNode {
    children = List.copyOf(children);
  }

  boolean isColumn() {
    return children.isEmpty();
  }

  boolean isRepeated() {
    return repetition == Repetition.REPEATED;
  }
}
