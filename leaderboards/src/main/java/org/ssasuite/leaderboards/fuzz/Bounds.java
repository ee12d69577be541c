package org.ssasuite.leaderboards.fuzz;

import java.time.Duration;
import org.ssasuite.core.files.DataFile;

/**
 * What a reader may take for a file.
 *
 * @param time of a processor for one file
 * @param bytes of memory for any file
 * @param bytesPerByte of memory, beyond that, for each byte that the file holds or may unpack to
 */
record Bounds(Duration time, long bytes, int bytesPerByte) {
  /**
   * 128 MiB hold the dictionary of the highest preset of xz, and as much again. For each byte of a
   * list of digits a tree of JSON nodes takes some 30 bytes, in all readings of one file together.
   */
  static final Bounds STATED = new Bounds(Duration.ofSeconds(5), 128L << 20, 64);

  /**
   * The most memory, in bytes.
   *
   * @param fileBytes as the file lies on the disk
   */
  long memory(long fileBytes, boolean packed) {
    return bytes + bytesPerByte * (packed ? DataFile.mostUnpackedBytes(fileBytes) : fileBytes);
  }
}
