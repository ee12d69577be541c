package org.ssasuite.core.parquet;

import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands at a file's end: its schema, and where its columns lie.
 *
 * <p>Source: {@code src/main/thrift/parquet.thrift} of apache/parquet-format, {@code FileMetaData}.
 *
 * @param columns of a row
 */
record Footer(long rows, List<SchemaNode> columns, List<RowGroup> groups) {
  Footer {
    columns = List.copyOf(columns);
    groups = List.copyOf(groups);
  }

  /** Rows whose columns lie together. */
  record RowGroup(long rows, List<Chunk> chunks) {
    RowGroup {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * A column's values in a row group.
   *
   * @param path the column's
   * @param codec the format's number
   * @param values with nulls and empty lists
   * @param start where its first page begins in the file
   * @param bytes of all its pages, as they lie there
   */
  record Chunk(String path, int type, int codec, long values, long start, long bytes) {}

  static Footer read(byte[] bytes, Spot spot) {
    ThriftStruct file = struct(bytes, spot);
    if (file.has(8)) {
      throw spot.bad("is encrypted");
    }
    List<SchemaNode> columns = Schema.read(file.structs(2, "its schema"), spot);
    List<RowGroup> groups = new ArrayList<>();
    long rows = 0;
    for (ThriftStruct group : file.structs(4, "its list of row groups")) {
      RowGroup read = group(group);
      groups.add(read);
      rows += read.rows();
    }
    long stated = file.whole(3, "its number of rows");
    if (rows != stated) {
      throw spot.bad("states " + stated + " rows, and its groups have " + rows);
    }
    return new Footer(rows, columns, groups);
  }

  private static ThriftStruct struct(byte[] bytes, Spot spot) {
    try {
      return new ThriftReader(bytes, spot.at("footer")).struct();
    } catch (EOFException e) {
      throw spot.at("footer").bad("ends " + e.getMessage());
    }
  }

  private static RowGroup group(ThriftStruct group) {
    List<Chunk> chunks = new ArrayList<>();
    for (ThriftStruct chunk : group.structs(1, "the columns of a row group")) {
      chunks.add(chunk(chunk));
    }
    return new RowGroup(group.count(3, "the rows of a row group"), chunks);
  }

  private static Chunk chunk(ThriftStruct chunk) {
    if (chunk.has(1)) {
      throw chunk.spot().bad("a column lies in another file");
    }
    if (chunk.has(8) || chunk.has(9)) {
      throw chunk.spot().bad("a column is encrypted");
    }
    ThriftStruct facts = chunk.struct(3, "what a column says of itself");
    long data = facts.whole(9, "a column's place");
    long dictionary = facts.whole(11, "the place of a column's dictionary", 0);
    return new Chunk(
        String.join(".", facts.texts(3, "a column's path")),
        facts.count(1, "a column's type"),
        facts.count(4, "a column's codec"),
        facts.whole(5, "a column's number of values"),
        dictionary > 0 ? Math.min(dictionary, data) : data,
        facts.whole(7, "a column's number of bytes"));
  }
}
