package org.ssasuite.leaderboards.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/** Numbers of tokens as users write them: 4096, 4k. */
public final class Length {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})(k?)");
  private static final int KIBI = 1024;

  private Length() {}

  /**
   * Reads one.
   *
   * @throws BadInputException for any other text
   */
  public static int parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw bad(text);
    }
    long tokens = Long.parseLong(form.group(1)) * (form.group(2).isEmpty() ? 1 : KIBI);
    if (tokens > Integer.MAX_VALUE) {
      throw bad(text);
    }
    return (int) tokens;
  }

  private static BadInputException bad(String text) {
    return new BadInputException("length '" + text + "'", "is no number of tokens as 4096 or 4k");
  }
}
