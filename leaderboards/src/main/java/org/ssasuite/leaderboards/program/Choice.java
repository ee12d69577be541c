package org.ssasuite.leaderboards.program;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.NearName;

/** One of few words that an option takes. */
public final class Choice {
  private Choice() {}

  /**
   * The choice that a word names.
   *
   * @param text the word for a choice
   * @throws BadInputException if it names none; lists those that there are
   */
  public static <T> T of(String option, String given, T[] choices, Function<T, String> text) {
    for (T choice : choices) {
      if (text.apply(choice).equals(given)) {
        return choice;
      }
    }
    List<String> known = Arrays.stream(choices).map(text).toList();
    throw new BadInputException(
        option + " " + given,
        "is none of " + String.join(", ", known) + NearName.hint(given, known));
  }
}
