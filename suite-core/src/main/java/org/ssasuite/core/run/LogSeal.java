package org.ssasuite.core.run;

import java.util.regex.Pattern;

/**
 * What a sample log was when its last line had been written.
 *
 * @param sha256 of all its bytes
 * @param lines one for each sample
 */
public record LogSeal(String sha256, long bytes, int lines) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public LogSeal {
    if (!isSha256(sha256) || bytes < 0 || lines < 0) {
      throw new IllegalArgumentException(
          "a log of " + bytes + " bytes, " + lines + " lines, SHA-256 " + sha256);
    }
  }

  /** As people read it. */
  String text() {
    return lines + " lines, " + bytes + " bytes, SHA-256 " + sha256;
  }

  static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }
}
