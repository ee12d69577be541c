package org.ssasuite.core.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.ssasuite.core.BadInputException;

/** The rows of a row group. Mutable. */
final class RowReader {
  private static final int INT96 = 3;

  private final Map<String, Footer.Chunk> chunks = new HashMap<>();
  private final BiFunction<SchemaNode, Footer.Chunk, ColumnReader> opened;
  private final Spot spot;
  private final FieldReader.Fields row;

  /**
   * @param wanted columns and groups of a row
   */
  RowReader(Footer.RowGroup group, List<SchemaNode> wanted, Spot spot, Opener opener) {
    this.spot = spot;
    group.chunks().forEach(chunk -> chunks.put(chunk.path(), chunk));
    this.opened =
        (column, chunk) ->
            opener.open(column, kind(column), column.meaning() == Meaning.UNKNOWN, chunk);
    Map<String, FieldReader> fields = new LinkedHashMap<>();
    wanted.forEach(node -> put(fields, node));
    this.row = new FieldReader.Fields(fields, 0);
  }

  /** Opens a column of the row group. */
  interface Opener {
    ColumnReader open(SchemaNode column, ValueKind kind, boolean nulls, Footer.Chunk chunk);
  }

  ObjectNode next() {
    for (ColumnReader column : row.columns()) {
      if (column.repetition() != 0) {
        throw column.spot().bad("has other levels than its neighbours");
      }
    }
    return (ObjectNode) row.read();
  }

  /** Behind the last row. */
  void requireEnd() {
    for (ColumnReader column : row.columns()) {
      if (!column.atEnd()) {
        throw column.spot().bad("has more values than there are rows");
      }
    }
  }

  private void put(Map<String, FieldReader> fields, SchemaNode node) {
    if (fields.put(node.name(), field(node)) != null) {
      throw spot.bad("has two columns '" + node.path() + "'");
    }
  }

  private FieldReader field(SchemaNode node) {
    if (node.isRepeated()) {
      // Without a list around it: as many as there are, and never null.
      return new FieldReader.Elements(
          one(node), node.definition() - 1, node.definition(), node.repeats());
    }
    return one(node);
  }

  /** A field, or one of several. */
  private FieldReader one(SchemaNode node) {
    if (node.isColumn()) {
      return column(node);
    }
    if (node.meaning() == Meaning.LIST) {
      return list(node);
    }
    if (node.meaning() != Meaning.NONE) {
      throw spot.bad(
          "column '" + node.path() + "' is a " + node.meaning().word() + ", which is not read");
    }
    return fields(node);
  }

  private FieldReader fields(SchemaNode node) {
    Map<String, FieldReader> fields = new LinkedHashMap<>();
    node.children().forEach(child -> put(fields, child));
    return new FieldReader.Fields(fields, node.definition());
  }

  private FieldReader list(SchemaNode node) {
    if (node.children().size() != 1 || !node.children().get(0).isRepeated()) {
      throw spot.bad("column '" + node.path() + "' is a list of another form than the format's");
    }
    SchemaNode repeated = node.children().get(0);
    FieldReader each;
    if (repeated.isColumn()) {
      each = column(repeated);
    } else if (isElement(node, repeated)) {
      each = fields(repeated);
    } else {
      each = one(repeated.children().get(0));
    }
    return new FieldReader.Elements(
        each, node.definition(), repeated.definition(), repeated.repeats());
  }

  /** Whether the repeated group is the element, as old writers have it, and not around it. */
  private static boolean isElement(SchemaNode list, SchemaNode repeated) {
    return repeated.children().size() != 1
        || repeated.children().get(0).isRepeated()
        || repeated.name().equals("array")
        || repeated.name().equals(list.name() + "_tuple");
  }

  private FieldReader column(SchemaNode node) {
    Footer.Chunk chunk = chunks.get(node.path());
    if (chunk == null) {
      throw spot.bad("column '" + node.path() + "' is missing in a row group");
    }
    if (chunk.type() != node.type()) {
      throw spot.bad("column '" + node.path() + "' has another type in a row group");
    }
    return new FieldReader.Column(opened.apply(node, chunk));
  }

  /** What a column's values are, if they are anything that data sets have. */
  private ValueKind kind(SchemaNode column) {
    Meaning meaning = column.meaning();
    boolean number =
        meaning == Meaning.NONE || meaning == Meaning.SIGNED || meaning == Meaning.UNKNOWN;
    boolean unsigned = meaning == Meaning.UNSIGNED;
    Optional<ValueKind> kind =
        switch (column.type()) {
          case 0 -> when(number, ValueKind.BOOLEAN);
          case 1 -> when(unsigned, ValueKind.UNSIGNED_INT).or(() -> when(number, ValueKind.INT));
          case 2 -> when(unsigned, ValueKind.UNSIGNED_LONG).or(() -> when(number, ValueKind.LONG));
          case 4 -> when(number, ValueKind.FLOAT);
          case 5 -> when(number, ValueKind.DOUBLE);
          case 6 -> when(meaning == Meaning.TEXT || meaning == Meaning.UNKNOWN, ValueKind.TEXT);
          default -> Optional.empty();
        };
    return kind.orElseThrow(() -> unread(column));
  }

  private static Optional<ValueKind> when(boolean so, ValueKind kind) {
    return so ? Optional.of(kind) : Optional.empty();
  }

  private BadInputException unread(SchemaNode column) {
    Meaning meaning = column.meaning();
    String what = meaning == Meaning.NONE ? type(column.type()) : meaning.word();
    return spot.bad("column '" + column.path() + "' is of type " + what + ", which is not read");
  }

  private static String type(int type) {
    return switch (type) {
      case INT96 -> "INT96";
      case 6 -> "bytes without a meaning (BYTE_ARRAY)";
      case 7 -> "bytes of one length (FIXED_LEN_BYTE_ARRAY)";
      default -> String.valueOf(type);
    };
  }
}
