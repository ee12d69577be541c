package org.ssasuite.core.described;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.parquet.ParquetFile;
import org.ssasuite.core.python.PythonText;

/**
 * A file of rows: JSON lines ({@code .jsonl}), a JSON list of objects ({@code .json}) or CSV with
 * names in its first record ({@code .csv}), each plain or packed; or Parquet ({@code .parquet}).
 *
 * @param digest of its content, unpacked
 */
record RowFile(List<Row> rows, String digest) {
  RowFile {
    rows = List.copyOf(rows);
  }

  /**
   * Reads all rows, at least one.
   *
   * @throws BadInputException for a file that is missing, corrupt, empty or of another kind, and
   *     for one that changes meanwhile
   */
  static RowFile read(Path path) {
    DataFile file = DataFile.of(path);
    String digest = digest(path);
    List<Row> rows = rows(file);
    if (rows.isEmpty()) {
      throw new BadInputException(path, "no row in it");
    }
    if (!digest(path).equals(digest)) {
      throw new BadInputException(path, "changed while it was read");
    }
    return new RowFile(rows, digest);
  }

  /** The digest that {@link #read} gives it. */
  static String digest(Path path) {
    return Digests.sha256(DataFile.of(path).bytes());
  }

  private static List<Row> rows(DataFile file) {
    String name = plainName(file.path());
    if (name.endsWith(".jsonl")) {
      return lines(file);
    }
    if (name.endsWith(".json")) {
      return list(file);
    }
    if (name.endsWith(".csv")) {
      return CsvRows.read(file);
    }
    if (ParquetFile.isNamed(file.path())) {
      return columns(file.path());
    }
    throw new BadInputException(
        file.path(), "is no file of rows: .jsonl, .json or .csv, plain or packed, or .parquet");
  }

  /** Without the ending of a packed file. */
  private static String plainName(Path path) {
    String name = PythonText.lower(String.valueOf(path.getFileName()));
    for (String packed : List.of(".gz", ".xz", ".zst")) {
      if (name.endsWith(packed)) {
        return name.substring(0, name.length() - packed.length());
      }
    }
    return name;
  }

  private static List<Row> lines(DataFile file) {
    List<Row> rows = new ArrayList<>();
    file.forEachJsonLine(
        line ->
            rows.add(new Row(file.path(), "line " + line.number(), (ObjectNode) line.object())));
    return rows;
  }

  private static List<Row> columns(Path path) {
    List<Row> rows = new ArrayList<>();
    ParquetFile.open(path)
        .forEachRow(fields -> rows.add(new Row(path, "row " + (rows.size() + 1), fields)));
    return rows;
  }

  private static List<Row> list(DataFile file) {
    JsonNode tree = JsonDocument.read(file, JsonDocument.Keys.ONCE);
    if (!tree.isArray()) {
      throw new BadInputException(file.path(), "is no list of objects");
    }
    List<Row> rows = new ArrayList<>();
    for (JsonNode one : tree) {
      String place = "row " + (rows.size() + 1);
      if (!(one instanceof ObjectNode fields)) {
        throw new BadInputException(file.path(), place + " is no object");
      }
      rows.add(new Row(file.path(), place, fields));
    }
    return rows;
  }
}
