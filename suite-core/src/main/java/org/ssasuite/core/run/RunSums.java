package org.ssasuite.core.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;

/**
 * {@code SHA256SUMS} of a finished run: the digests of its manifest, its results and its logs, as
 * {@code sha256sum -c} reads them. A run's own names need none of that program's escapes.
 */
final class RunSums {
  static final String NAME = "SHA256SUMS";

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([\\x21-\\x7e]+)");

  /** A hundred thousand logs with long names. */
  private static final long MAX_BYTES = 64L << 20;

  private RunSums() {}

  /** The whole text of the file. */
  static String text(Map<String, String> digests) {
    StringBuilder text = new StringBuilder();
    digests.forEach((name, digest) -> text.append(digest).append("  ").append(name).append('\n'));
    return text.toString();
  }

  /**
   * Digests by file, named from the run folder.
   *
   * @throws BadInputException if the file is missing, or not what {@link #text} makes
   */
  static Map<String, String> read(Path file) {
    String text = new DataFile(file, MAX_BYTES).text();
    Map<String, String> digests = new LinkedHashMap<>();
    int number = 1;
    for (int from = 0; from < text.length(); number++) {
      int end = text.indexOf('\n', from);
      Matcher line = LINE.matcher(text.substring(from, end < 0 ? text.length() : end));
      if (end < 0 || !line.matches()) {
        throw new BadInputException(file, "line " + number + " is not a SHA-256 and a file's name");
      }
      if (digests.put(line.group(2), line.group(1)) != null) {
        throw new BadInputException(file, "line " + number + " names a file for the second time");
      }
      from = end + 1;
    }
    return digests;
  }
}
