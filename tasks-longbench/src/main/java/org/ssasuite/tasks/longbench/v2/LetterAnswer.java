package org.ssasuite.tasks.longbench.v2;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The choice that a response of LongBench v2 names.
 *
 * <pre>
 * asterisks are deleted; then the first "The correct answer is (X)", else the first
 * "The correct answer is X", with X one of A, B, C, D; else none
 * </pre>
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code pred.py}, {@code extract_answer}.
 *
 * <p>Quirks kept: the first form wins wherever it stands; the second takes the first letter of a
 * word ("The correct answer is Dublin" is D).
 */
public final class LetterAnswer {
  private static final Pattern IN_BRACKETS = Pattern.compile("The correct answer is \\(([A-D])\\)");
  private static final Pattern BARE = Pattern.compile("The correct answer is ([A-D])");

  private LetterAnswer() {}

  /** 0 to 3; absent if the response names none. */
  public static OptionalInt of(String response) {
    String plain = response.replace("*", "");
    Matcher bracketed = IN_BRACKETS.matcher(plain);
    if (bracketed.find()) {
      return OptionalInt.of(V2Item.LETTERS.indexOf(bracketed.group(1)));
    }
    Matcher bare = BARE.matcher(plain);
    return bare.find()
        ? OptionalInt.of(V2Item.LETTERS.indexOf(bare.group(1)))
        : OptionalInt.empty();
  }
}
