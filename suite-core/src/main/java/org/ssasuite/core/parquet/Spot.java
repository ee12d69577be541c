package org.ssasuite.core.parquet;

import java.nio.file.Path;
import org.ssasuite.core.BadInputException;

/**
 * What a message names.
 *
 * @param where the column, or another part of the file; empty for the file itself
 */
record Spot(Path file, String where) {
  static Spot of(Path file) {
    return new Spot(file, "");
  }

  Spot at(String part) {
    return new Spot(file, part);
  }

  BadInputException bad(String fact) {
    return new BadInputException(file, where.isEmpty() ? fact : where + ": " + fact);
  }
}
