package org.ssasuite.core.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.BadInputException;

/**
 * The few lines that git keeps in place of a large file. A clone without git's extension for large
 * files leaves them under the file's own name.
 *
 * <p>Source: the Git LFS specification; the second address is that of its first versions.
 */
public final class GitPointer {
  private static final List<byte[]> BEGINNINGS =
      List.of(
          bytes("version https://git-lfs.github.com/spec/"),
          bytes("version https://hawser.github.com/spec/"));

  /** Pointers are shorter, by the specification. */
  private static final int MOST_BYTES = 1024;

  private GitPointer() {}

  /**
   * Refuses a file that is a pointer. What cannot be read or is no plain file is left to its
   * reader.
   *
   * @throws BadInputException for a pointer
   */
  public static void refuse(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
        return;
      }
      byte[] head;
      try (InputStream in = RegularFile.stream(file)) {
        head = in.readNBytes(MOST_BYTES);
      }
      if (BEGINNINGS.stream().anyMatch(beginning -> begins(head, beginning))) {
        throw new BadInputException(
            file, "this is a Git LFS pointer, not the file that it stands for; run: git lfs pull");
      }
    } catch (IOException e) {
      // Whoever reads the file gets the same and has the words for it.
      return;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean begins(byte[] content, byte[] beginning) {
    if (content.length < beginning.length) {
      return false;
    }
    for (int i = 0; i < beginning.length; i++) {
      if (content[i] != beginning[i]) {
        return false;
      }
    }
    return true;
  }
}
