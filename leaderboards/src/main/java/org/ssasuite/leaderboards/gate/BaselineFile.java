package org.ssasuite.leaderboards.gate;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.StrictJson;

/** A {@link Baseline} as JSON. */
public final class BaselineFile {
  /** A sample takes some 200 bytes: half a million of them. */
  private static final long MAX_BYTES = 128L << 20;

  private static final StrictJson JSON = new StrictJson(List.of());

  private BaselineFile() {}

  /** The whole text of the file. */
  static String text(Baseline baseline) {
    return JSON.document(baseline);
  }

  /**
   * What a file holds, written once more: the same for a file that is that already.
   *
   * @throws BadInputException if the file is no baseline
   */
  public static String rewritten(Path file) {
    return text(read(file));
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws BadInputException if the file is anything else
   */
  static Baseline read(Path file) {
    return JSON.read(new DataFile(file, MAX_BYTES), Baseline.SCHEMA, Baseline.class, tree -> {});
  }
}
