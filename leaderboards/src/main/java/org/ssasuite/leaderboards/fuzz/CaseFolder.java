package org.ssasuite.leaderboards.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;

/** A temporary folder with a reader's files, one of them spoilt. Mutable, one owner. */
final class CaseFolder implements AutoCloseable {
  private final Path folder;
  private final FuzzedReader reader;
  private Optional<Path> spoilt = Optional.empty();

  private CaseFolder(Path folder, FuzzedReader reader) {
    this.folder = folder;
    this.reader = reader;
  }

  static CaseFolder of(FuzzedReader reader) {
    try {
      return new CaseFolder(Files.createTempDirectory("ssa-fuzz-" + reader.name() + "-"), reader);
    } catch (IOException e) {
      throw BadInputException.io(Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  Path path() {
    return folder;
  }

  /** Puts a spoilt file in place of the one before, and its company as it should be. */
  Path put(Mutant mutant) {
    Path file = folder.resolve(reader.file() + mutant.ending());
    try {
      if (spoilt.isPresent()) {
        FileKind.remove(spoilt.orElseThrow());
      }
      for (Map.Entry<String, byte[]> beside : reader.company().entrySet()) {
        write(folder.resolve(beside.getKey()), beside.getValue());
      }
      mutant.kind().put(file, mutant.content());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    spoilt = Optional.of(file);
    return file;
  }

  static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @Override
  public void close() {
    remove(folder);
  }

  /** Removes a temporary folder with all that is in it. */
  static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }
}
