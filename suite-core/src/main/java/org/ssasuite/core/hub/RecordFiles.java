package org.ssasuite.core.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.files.JsonList;
import org.ssasuite.core.parquet.ParquetFile;
import org.ssasuite.core.python.PythonText;

/**
 * Records of one split, in their order: files of JSON lines, of a JSON list, or of Parquet.
 *
 * @param files one behind the other, at least one
 * @param fields that are read of Parquet; empty: all
 */
public record RecordFiles(List<Path> files, Set<String> fields) {
  public RecordFiles {
    files = List.copyOf(files);
    fields = Set.copyOf(fields);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file");
    }
  }

  /** A file of JSON lines. */
  public static RecordFiles of(DataFile file) {
    return new RecordFiles(List.of(file.path()), Set.of());
  }

  /** The same files, of which some fields are read. */
  public RecordFiles reading(Set<String> some) {
    return new RecordFiles(files, some);
  }

  /** The first file, for messages about all of them. */
  public Path path() {
    return files.get(0);
  }

  /**
   * Reads all records.
   *
   * @throws BadInputException for a file that is missing or corrupt, naming it and the place
   */
  public void forEach(Consumer<JsonLine> consumer) {
    files.forEach(file -> read(file, consumer));
  }

  private void read(Path file, Consumer<JsonLine> consumer) {
    if (ParquetFile.isNamed(file)) {
      ParquetFile parquet = ParquetFile.open(file);
      Set<String> wanted = fields.isEmpty() ? Set.copyOf(parquet.columns()) : fields;
      long[] number = {0};
      parquet.forEachRow(
          wanted,
          row -> {
            number[0]++;
            consumer.accept(JsonLine.ofRow(file, number[0], row));
          });
    } else if (isList(file)) {
      JsonList.forEach(DataFile.of(file), consumer);
    } else {
      DataFile.of(file).forEachJsonLine(consumer);
    }
  }

  private static boolean isList(Path file) {
    return PythonText.lower(String.valueOf(file.getFileName()))
            .matches(".*\\.json(\\.(gz|xz|zst))?")
        && JsonList.is(DataFile.of(file));
  }

  /**
   * SHA-256 of each file, of Parquet as it lies on the disk, else unpacked.
   *
   * @throws BadInputException if one cannot be read
   */
  public List<String> digests() {
    return files.stream().map(RecordFiles::digest).toList();
  }

  private static String digest(Path file) {
    return ParquetFile.isNamed(file)
        ? Digests.sha256(file)
        : Digests.sha256(DataFile.of(file).bytes());
  }

  /** One digest for all files: that of the only one, or of theirs, a line feed between them. */
  public String digest() {
    List<String> digests = digests();
    return digests.size() == 1 ? digests.get(0) : Digests.sha256(String.join("\n", digests));
  }

  /**
   * The fields of the first record, or of the columns.
   *
   * @throws BadInputException if the file is corrupt up to there
   */
  static Set<String> fieldsOf(Path file) {
    Set<String> names = new TreeSet<>();
    if (ParquetFile.isNamed(file)) {
      names.addAll(ParquetFile.open(file).columns());
    } else if (isList(file)) {
      JsonList.first(DataFile.of(file))
          .ifPresent(first -> first.object().fieldNames().forEachRemaining(names::add));
    } else {
      DataFile.of(file)
          .firstJsonLine()
          .ifPresent(first -> first.object().fieldNames().forEachRemaining(names::add));
    }
    return names;
  }
}
