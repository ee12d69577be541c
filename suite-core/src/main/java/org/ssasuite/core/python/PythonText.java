package org.ssasuite.core.python;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Python 3's functions on strings and floats, result for result; none depends on a locale. A string
 * is a row of code points. Letters and marks are those that the Java virtual machine's Unicode
 * version knows (13.0 in Java 17); white space and rounding depend on no version.
 */
public final class PythonText {
  private static final int CAPITAL_SIGMA = 0x3A3;
  private static final int SIGMA = 0x3C3;
  private static final int FINAL_SIGMA = 0x3C2;
  private static final int CAPITAL_I_WITH_DOT = 0x130;
  private static final int IOTA = 0x399;
  private static final int IOTA_BELOW = 0x345;

  /**
   * Unicode's Word_Break values MidLetter, MidNumLet and Single_Quote: with the marks, formats and
   * modifiers they are what a final sigma looks through.
   */
  private static final String WORD_MIDDLES =
      "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

  private PythonText() {}

  /**
   * Whether {@code str.isspace} holds for a character; the same set that {@code \s} matches. Java's
   * {@code isWhitespace} lacks U+0085 and the no-break spaces.
   */
  public static boolean isSpace(int codePoint) {
    return (codePoint >= 0x09 && codePoint <= 0x0D)
        || (codePoint >= 0x1C && codePoint <= 0x20)
        || codePoint == 0x85
        || codePoint == 0xA0
        || codePoint == 0x1680
        || (codePoint >= 0x2000 && codePoint <= 0x200A)
        || codePoint == 0x2028
        || codePoint == 0x2029
        || codePoint == 0x202F
        || codePoint == 0x205F
        || codePoint == 0x3000;
  }

  /**
   * Whether {@code \w} matches a character: letters, what has a numeric value, and the low line.
   * Marks are none, which they are for Java's Unicode classes.
   */
  public static boolean isWordCharacter(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          true;
      default -> codePoint == '_';
    };
  }

  /** Whether {@code str.isalpha} holds for a character: letters of all kinds. */
  public static boolean isAlpha(int codePoint) {
    return Character.isLetter(codePoint);
  }

  /** Whether a character is in title case, as U+01C5, which is neither upper nor lower case. */
  public static boolean isTitle(int codePoint) {
    return Character.isTitleCase(codePoint);
  }

  /** Whether {@code str.isupper} holds for a character: title case is not upper case. */
  public static boolean isUpper(int codePoint) {
    return Character.isUpperCase(codePoint);
  }

  /** Whether {@code str.islower} holds for a character. */
  public static boolean isLower(int codePoint) {
    return Character.isLowerCase(codePoint);
  }

  /** {@code re.findall(r"\d+", text)}: the maximal stretches of decimal digits of any script. */
  public static List<String> digitRuns(String text) {
    List<String> runs = new ArrayList<>();
    int from = -1;
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      boolean digit = Character.isDigit(codePoint);
      if (digit && from < 0) {
        from = i;
      } else if (!digit && from >= 0) {
        runs.add(text.substring(from, i));
        from = -1;
      }
    }
    if (from >= 0) {
      runs.add(text.substring(from));
    }
    return runs;
  }

  /** {@code len(text)}: code points, not UTF-16 units. */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** {@code text.split()}: the stretches between white space; none of them is empty. */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      int from = at;
      while (at < text.length() && !isSpace(text.charAt(at))) {
        at++;
      }
      if (from == at) {
        return words;
      }
      words.add(text.substring(from, at));
    }
  }

  /**
   * {@code len(re.split(r'\s+', text))}: one more than there are stretches of white space, so white
   * space at either end counts for a piece.
   */
  public static int whitespacePieces(String text) {
    int pieces = 1;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = isSpace(text.charAt(i));
      pieces += space && !inside ? 1 : 0;
      inside = space;
    }
    return pieces;
  }

  /** {@code text.strip()}. */
  public static String strip(String text) {
    return lstrip(rstrip(text));
  }

  /** {@code text.lstrip()}. */
  public static String lstrip(String text) {
    int from = 0;
    while (from < text.length() && isSpace(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }

  /** {@code text.rstrip()}. */
  public static String rstrip(String text) {
    int to = text.length();
    while (to > 0 && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(0, to);
  }

  /** {@code text.lower()}. */
  public static String lower(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    appendLower(text, 0, lower);
    return lower.toString();
  }

  /** {@code text.upper()}. */
  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** {@code text.capitalize()}: the first character in title case, the others in lower case. */
  public static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    StringBuilder capitalized = new StringBuilder(text.length());
    capitalized.append(title(first));
    appendLower(text, Character.charCount(first), capitalized);
    return capitalized.toString();
  }

  /**
   * {@code round(value, digits)}: correctly rounded from the exact binary value, halves to even.
   *
   * @param digits decimal places, 0 or more
   */
  public static double round(double value, int digits) {
    if (digits < 0) {
      throw new IllegalArgumentException("rounding to " + digits + " decimal places");
    }
    if (!Double.isFinite(value)) {
      return value;
    }
    double rounded = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    // A decimal has no negative zero.
    return Math.copySign(rounded, value);
  }

  /** {@code dividend // divisor} of floats, the divisor above 0 and the dividend 0 or more. */
  public static double floorDivide(double dividend, double divisor) {
    if (!(dividend >= 0) || !(divisor > 0)) {
      throw new IllegalArgumentException(dividend + " // " + divisor);
    }
    double quotient = (dividend - dividend % divisor) / divisor;
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static void appendLower(String text, int from, StringBuilder lower) {
    int codePoint;
    for (int i = from; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (codePoint == CAPITAL_SIGMA) {
        lower.appendCodePoint(endsWord(text, i) ? FINAL_SIGMA : SIGMA);
      } else if (codePoint == CAPITAL_I_WITH_DOT) {
        lower.append("i\u0307");
      } else {
        lower.appendCodePoint(Character.toLowerCase(codePoint));
      }
    }
  }

  /**
   * Whether a cased letter is before the sigma at index {@code at} and none is behind it, looking
   * through what is case-ignorable. Java's own rule asks for word boundaries in addition.
   */
  private static boolean endsWord(String text, int at) {
    int before = at;
    while (before > 0 && isCaseIgnorable(text.codePointBefore(before))) {
      before -= Character.charCount(text.codePointBefore(before));
    }
    if (before == 0 || !isCased(text.codePointBefore(before))) {
      return false;
    }
    int behind = at + 1;
    while (behind < text.length() && isCaseIgnorable(text.codePointAt(behind))) {
      behind += Character.charCount(text.codePointAt(behind));
    }
    return behind == text.length() || !isCased(text.codePointAt(behind));
  }

  private static boolean isCased(int codePoint) {
    return Character.isLowerCase(codePoint)
        || Character.isUpperCase(codePoint)
        || Character.isTitleCase(codePoint);
  }

  private static boolean isCaseIgnorable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT,
          Character.MODIFIER_LETTER,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> WORD_MIDDLES.indexOf(codePoint) >= 0;
    };
  }

  /**
   * Title case of one character, which may be several. Java has the simple mappings only, so the
   * others come from upper case: of a ligature of letters the first stays upper, and an iota that
   * upper case puts behind a Greek vowel stays below it.
   */
  private static String title(int codePoint) {
    String letter = Character.toString(codePoint);
    String upper = letter.toUpperCase(Locale.ROOT);
    int simple = Character.toTitleCase(codePoint);
    if (simple != codePoint
        || Character.isTitleCase(codePoint)
        || upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(simple);
    }
    if (upper.codePointBefore(upper.length()) == IOTA) {
      return upper.substring(0, upper.length() - 1) + Character.toString(IOTA_BELOW);
    }
    // U+0149 is an apostrophe and an n: the first letter is not the first character.
    int letters = isCased(upper.charAt(0)) ? 1 : 2;
    return upper.substring(0, letters) + lower(upper.substring(letters));
  }
}
