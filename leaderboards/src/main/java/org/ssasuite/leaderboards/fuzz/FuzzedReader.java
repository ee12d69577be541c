package org.ssasuite.leaderboards.fuzz;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A reader of the suite with a file that it can read.
 *
 * @param name on the command line
 * @param file name of the file that is spoilt
 * @param company files that lie beside it and stay as they are, by name; may have folders in it
 * @param passage whether the file may be a pipe, as texts of the command line
 */
record FuzzedReader(
    String name,
    String file,
    Seed seed,
    Map<String, byte[]> company,
    boolean passage,
    Reading reading) {
  FuzzedReader {
    Objects.requireNonNull(name);
    Objects.requireNonNull(file);
    Objects.requireNonNull(seed);
    company = Map.copyOf(company);
    Objects.requireNonNull(reading);
  }

  /** A reader of regular files. */
  FuzzedReader(String name, String file, Seed seed, Map<String, byte[]> company, Reading reading) {
    this(name, file, seed, company, false, reading);
  }

  /** A reader of a text of the command line. */
  static FuzzedReader passage(String name, String file, Seed seed, Reading reading) {
    return new FuzzedReader(name, file, seed, Map.of(), true, reading);
  }

  /** A reader of a file alone. */
  static FuzzedReader alone(String name, String file, Seed seed, Reading reading) {
    return new FuzzedReader(name, file, seed, Map.of(), reading);
  }

  /** The same, given other kinds of files too. */
  FuzzedReader withOtherKinds() {
    return new FuzzedReader(name, file, Seed.orOtherKind(seed, passage), company, passage, reading);
  }

  /** Reads, and checks what came of it. */
  interface Reading {
    /**
     * Reads one file.
     *
     * @param folder where the file and its company lie
     * @param file the file itself, with its ending if it is packed
     * @throws org.ssasuite.core.BadInputException if the file is no good
     * @throws WrongReadException if it was taken for something that it does not hold
     */
    void read(Path folder, Path file);
  }

  /** What was read is not what the file holds. */
  static final class WrongReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongReadException(String fact) {
      super(fact);
    }

    static void unless(boolean right, String fact) {
      if (!right) {
        throw new WrongReadException(fact);
      }
    }
  }
}
