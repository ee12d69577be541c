package org.ssasuite.leaderboards.text;

import java.nio.file.Path;
import java.util.Arrays;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;

/** Token ids in a file: decimal numbers between ASCII white space. */
public final class TokenIds {
  private static final int MAX_SHOWN = 20;
  private static final int RADIX = 10;

  private TokenIds() {}

  /**
   * All ids of a file.
   *
   * @throws BadInputException for anything that is no id of the vocabulary, naming its place
   */
  public static int[] read(Path file, int vocabulary) {
    String text = DataFile.passage(file).text();
    int[] ids = new int[16];
    int count = 0;
    for (int at = 0; at < text.length(); ) {
      if (isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at;
      while (end < text.length() && !isSpace(text.charAt(end))) {
        end++;
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count] = id(file, text.substring(at, end), count, vocabulary);
      count++;
      at = end;
    }
    return Arrays.copyOf(ids, count);
  }

  private static int id(Path file, String word, int position, int vocabulary) {
    long id = 0;
    for (int i = 0; i < word.length(); i++) {
      int digit = word.charAt(i) - '0';
      if (digit < 0 || digit >= RADIX) {
        throw new BadInputException(
            file, "entry " + position + ", '" + shown(word) + "', is no token id");
      }
      id = Math.min(id * RADIX + digit, Integer.MAX_VALUE);
    }
    if (id >= vocabulary) {
      throw new BadInputException(
          file,
          "entry " + position + ", " + shown(word) + ", is outside a vocabulary of " + vocabulary);
    }
    return (int) id;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static String shown(String word) {
    return word.length() <= MAX_SHOWN ? word : word.substring(0, MAX_SHOWN) + "…";
  }
}
