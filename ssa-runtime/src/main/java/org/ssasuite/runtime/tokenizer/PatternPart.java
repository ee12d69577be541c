package org.ssasuite.runtime.tokenizer;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * A part of a regular expression with what repeats it.
 *
 * @param source as it stands there, its repetition included
 * @param character what matches one character; empty for a group
 * @param group the alternatives of a group; none for a character
 * @param least so often at least
 * @param most so often at most; {@link #ENDLESS}: any number of times
 * @param looksAhead a group that looks at what follows without taking it
 */
record PatternPart(
    String source,
    String character,
    List<List<PatternPart>> group,
    int least,
    int most,
    boolean looksAhead) {
  static final int ENDLESS = Integer.MAX_VALUE;

  PatternPart {
    group = List.copyOf(group);
  }

  boolean endless() {
    return most == ENDLESS;
  }

  /** Whether it can match without taking a character. */
  boolean mayBeNothing() {
    return least == 0
        || looksAhead
        || group.stream().anyMatch(branch -> branch.stream().allMatch(PatternPart::mayBeNothing));
  }

  /** Whether it can take more than one character. */
  boolean several() {
    return most > 1 || !group.isEmpty();
  }

  /** The ways in which it can match; of a part that ends. */
  long choices() {
    long once =
        group.isEmpty()
            ? 1
            : group.stream()
                .mapToLong(
                    branch ->
                        branch.stream().mapToLong(PatternPart::choices).reduce(1, (a, b) -> a * b))
                .sum();
    return once + most - least;
  }

  /** Whether it can take a character that is among these. */
  boolean matchesAny(String characters) {
    if (!group.isEmpty()) {
      return group.stream()
          .flatMap(List::stream)
          .anyMatch(part -> !part.looksAhead() && part.matchesAny(characters));
    }
    try {
      // Groups may disregard case; to disregard it everywhere only finds more.
      int flags = Pattern.UNICODE_CHARACTER_CLASS | Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
      return Pattern.compile(character, flags).matcher(characters).find();
    } catch (PatternSyntaxException e) {
      // Java cannot say.
      return true;
    }
  }

  static String source(List<PatternPart> branch) {
    return branch.stream().map(PatternPart::source).collect(Collectors.joining());
  }
}
