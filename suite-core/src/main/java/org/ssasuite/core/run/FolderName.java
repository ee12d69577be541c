package org.ssasuite.core.run;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.ssasuite.core.files.Digests;

/** Names of folders within a run folder. */
final class FolderName {
  /** What file systems take, in bytes, all of which are ASCII here. */
  private static final int MAX_NAME_CHARACTERS = 255;

  /** Of a longer name; a digest has 64. */
  private static final int KEPT_CHARACTERS = 160;

  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@+=";

  private FolderName() {}

  /**
   * A name that any file system takes and that no other name maps to: bytes beyond letters, digits
   * and a few signs become {@code %XX}, and so does a leading point. What would be longer than a
   * file's name may be keeps its beginning, and a digest says the rest; no other name has {@code
   * %-} in it.
   */
  static String of(String name) {
    StringBuilder folder = new StringBuilder();
    int kept = 0;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = PLAIN.indexOf(b) >= 0 || (b == '.' && folder.length() > 0);
      if (plain) {
        folder.append((char) b);
      } else {
        folder.append(String.format(Locale.ROOT, "%%%02X", b));
      }
      kept = folder.length() <= KEPT_CHARACTERS ? folder.length() : kept;
    }
    return folder.length() <= MAX_NAME_CHARACTERS
        ? folder.toString()
        : folder.substring(0, kept) + "%-" + Digests.sha256(name);
  }
}
