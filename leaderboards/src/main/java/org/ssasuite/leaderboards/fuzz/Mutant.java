package org.ssasuite.leaderboards.fuzz;

import java.util.Objects;

/**
 * A spoilt file.
 *
 * @param what was done to it, for people
 * @param kind what the file is
 * @param ending what the file's name gets at its end: {@code .gz} and the like, mostly nothing
 */
@SuppressWarnings("ArrayRecordComponent") // made once, written once
record Mutant(String what, FileKind kind, String ending, byte[] content) {
  Mutant {
    Objects.requireNonNull(what);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(ending);
    Objects.requireNonNull(content);
  }

  /** A regular file. */
  Mutant(String what, String ending, byte[] content) {
    this(what, FileKind.REGULAR, ending, content);
  }
}
