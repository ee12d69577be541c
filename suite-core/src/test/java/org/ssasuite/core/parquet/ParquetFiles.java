package org.ssasuite.core.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The golden files, which {@code rows.jsonl} says the origin of. */
final class ParquetFiles {
  private ParquetFiles() {}

  static Path golden(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  ParquetFiles.class.getResource("/golden/parquet/" + name), "no golden " + name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(golden(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a text begins in a file's bytes, the last time. */
  static int placeOf(byte[] bytes, byte[] piece) {
    for (int from = bytes.length - piece.length; from >= 0; from--) {
      int same = 0;
      while (same < piece.length && bytes[from + same] == piece[same]) {
        same++;
      }
      if (same == piece.length) {
        return from;
      }
    }
    throw new IllegalArgumentException("not in these bytes");
  }
}
