package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.FolderTree;
import org.ssasuite.core.run.unit.SampleRange;

/**
 * Units of a run that were answered and whose rows are not whole yet: a file each, in a folder of
 * the row's, within the run's folder. Each is on the disk when {@link #put} returns.
 */
final class UnitStore {
  private static final String NAME = "progress.units";

  private final Path folder;

  UnitStore(Path run) {
    this.folder = run.resolve(NAME);
  }

  private Path folder(int row) {
    return folder.resolve(Integer.toString(row));
  }

  private Path file(int row, SampleRange samples) {
    return folder(row).resolve(samples.from() + "-" + samples.to());
  }

  boolean has(int row, SampleRange samples) {
    return Files.exists(file(row, samples));
  }

  /**
   * Keeps one.
   *
   * @throws BadInputException if it cannot be written
   */
  void put(AnsweredUnit unit) {
    try {
      Files.createDirectories(folder(unit.row()));
    } catch (IOException e) {
      throw BadInputException.io(folder(unit.row()), e);
    }
    AtomicFile.write(file(unit.row(), unit.samples()), unit.bytes());
  }

  /**
   * One that is there.
   *
   * @throws BadInputException if the file is not what was written
   */
  AnsweredUnit get(int row, SampleRange samples) {
    Path file = file(row, samples);
    AnsweredUnit unit = AnsweredUnit.read(file);
    if (unit.row() != row || !unit.samples().equals(samples)) {
      throw new BadInputException(file, "holds another unit; --fresh starts over");
    }
    return unit;
  }

  /** Takes away those of a row. */
  void drop(int row) {
    deleteAll(folder(row));
  }

  /**
   * Takes away all that a run has.
   *
   * @throws BadInputException if that cannot be done
   */
  static void delete(Path run) {
    deleteAll(run.resolve(NAME));
  }

  private static void deleteAll(Path folder) {
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }
}
