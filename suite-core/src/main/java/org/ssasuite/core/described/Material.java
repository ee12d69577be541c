package org.ssasuite.core.described;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;

/**
 * What a task is made from.
 *
 * @param task its name, for messages
 * @param rows that are asked
 * @param names of the rows, as the descriptor says; one each
 * @param pool rows that shots are drawn from; empty without shots
 * @param poolIsAsked whether these are the rows that are asked
 * @param digest of everything that was read
 */
record Material(
    String task,
    List<Row> rows,
    List<RowName> names,
    List<Row> pool,
    boolean poolIsAsked,
    int shots,
    long seed,
    String digest) {
  Material {
    Objects.requireNonNull(task);
    rows = List.copyOf(rows);
    names = List.copyOf(names);
    pool = List.copyOf(pool);
    Objects.requireNonNull(digest);
  }

  /**
   * Reads the files.
   *
   * @param files as the descriptor names them, found
   * @throws org.ssasuite.core.BadInputException for files that are missing, corrupt or empty
   */
  static Material read(Descriptor descriptor, List<Path> files, TaskOrder order) {
    int shots = order.shots().orElse(0);
    RowFile asked = RowFile.read(files.get(0));
    List<String> digests = new ArrayList<>(List.of(asked.digest()));
    List<Row> pool = shots > 0 ? asked.rows() : List.of();
    if (shots > 0 && files.size() > 1) {
      RowFile other = RowFile.read(files.get(1));
      digests.add(other.digest());
      pool = other.rows();
    }
    return new Material(
        descriptor.name(),
        asked.rows(),
        RowName.all(asked.rows(), descriptor.id(), descriptor.document()),
        pool,
        files.size() == 1,
        shots,
        order.seed().orElse(0),
        digests.size() == 1 ? digests.get(0) : Digests.sha256(String.join("\n", digests)));
  }

  /** What stands before each row: its shots, nothing where the task takes none. */
  List<String> before(Optional<Shots> shots, Function<Row, String> example) {
    return shots
        .map(solved -> solved.before(this, example))
        .orElseGet(() -> rows.stream().map(row -> "").toList());
  }
}
