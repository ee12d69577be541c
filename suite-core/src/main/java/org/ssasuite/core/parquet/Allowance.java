package org.ssasuite.core.parquet;

import java.nio.file.Path;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;

/**
 * How much may come out of a file: runs of equal values and references to a dictionary make any
 * amount of a few bytes. Mutable; of one reading.
 */
final class Allowance {
  private static final long FREE_ROWS = 65_536;
  private static final long FREE_VALUES = 1L << 18;

  /** A text has more bytes than that, and levels fewer than a byte for each of these. */
  private static final long VALUES_A_BYTE = 16;

  private final Path file;
  private final long fileBytes;
  private final long mostBytes;
  private long bytes;
  private long values;

  Allowance(Path file, long fileBytes) {
    this.file = file;
    this.fileBytes = fileBytes;
    this.mostBytes = Math.min(DataFile.mostUnpackedBytes(fileBytes), DataFile.DEFAULT_MAX_BYTES);
  }

  /** Looks at how many rows a file states, before any is read. */
  void rows(long stated) {
    if (stated > Math.max(FREE_ROWS, fileBytes)) {
      throw tooMuch(stated + " rows");
    }
  }

  /** Before memory is taken for so many bytes. */
  void bytes(long more) {
    bytes += more;
    if (bytes > mostBytes) {
      throw tooMuch("more than " + mostBytes + " bytes, unpacked,");
    }
  }

  /** Before so many values are read. */
  void values(long more) {
    values += more;
    if (values > Math.max(FREE_VALUES, VALUES_A_BYTE * fileBytes)) {
      throw tooMuch("more than " + Math.max(FREE_VALUES, VALUES_A_BYTE * fileBytes) + " values");
    }
  }

  private BadInputException tooMuch(String what) {
    return new BadInputException(
        file, what + " in a file of " + fileBytes + " bytes: no data set has them");
  }
}
