package org.ssasuite.leaderboards.report.published;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.StrictJson;

/**
 * A table of a publication, in a file of its own.
 *
 * @param source as {@code arXiv 2511.20102 v4}
 * @param table its number there
 * @param differences in what its protocol differs from ours, a sentence each
 */
public record PublishedTable(
    String schema,
    String source,
    String table,
    String title,
    List<String> differences,
    List<Figure> columns,
    List<Line> rows) {
  static final String SCHEMA = "ssasuite/published/1";
  private static final StrictJson JSON = new StrictJson(List.of());
  private static final long MAX_BYTES = 1L << 20;

  /**
   * What a column is of.
   *
   * @param task by the name that we have for it
   * @param length of RULER's tasks
   * @param metric of ours; absent: our task's first one
   */
  public record Figure(String task, OptionalInt length, Optional<String> metric) {}

  /**
   * A model in a mode.
   *
   * @param values by column: nothing, the figure, or the figure and its deviation
   */
  public record Line(String model, String mode, List<List<Double>> values) {
    public Line {
      Objects.requireNonNull(model);
      Objects.requireNonNull(mode);
      values = values.stream().map(List::copyOf).toList();
    }
  }

  public PublishedTable {
    Objects.requireNonNull(source);
    Objects.requireNonNull(table);
    Objects.requireNonNull(title);
    differences = List.copyOf(differences);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (Line row : rows) {
      if (row.values().size() != columns.size()) {
        throw new IllegalArgumentException(
            row.model() + ": " + row.values().size() + " values, " + columns.size() + " columns");
      }
      if (row.values().stream().anyMatch(value -> value.size() > 2)) {
        throw new IllegalArgumentException(row.model() + ": a value has two numbers at most");
      }
    }
  }

  /**
   * All tables of a folder, by the names of their files.
   *
   * @throws BadInputException if there is none, or one is malformed
   */
  public static List<PublishedTable> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> tables = files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (tables.isEmpty()) {
        throw new BadInputException(folder, "has no published tables (*.json)");
      }
      return tables.stream().map(PublishedTable::read).toList();
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }

  static PublishedTable read(Path file) {
    return JSON.read(
        new DataFile(file, MAX_BYTES), List.of(SCHEMA), PublishedTable.class, tree -> {});
  }
}
