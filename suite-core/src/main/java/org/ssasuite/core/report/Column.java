package org.ssasuite.core.report;

import java.util.Objects;
import java.util.Optional;

/**
 * A column of a section's table.
 *
 * @param key for machines, unique in the table
 * @param heading for people
 * @param shown how people see its cells; machines get all digits
 * @param interval in the column by which rows are ranked, the heading of its figures' intervals;
 *     absent in all others
 */
public record Column(
    String key, String heading, Unit unit, Shown shown, Optional<String> interval) {
  /** How people see a cell. */
  public enum Shown {
    WORDS,
    COUNT,
    /** With commas between thousands. */
    LARGE_COUNT,
    WHOLE,
    TENTHS,
    HUNDREDTHS,
    FOUR_DIGITS,
    /** With as many decimals as the row's ranked figure. */
    LIKE_RANKED
  }

  public Column {
    Objects.requireNonNull(key);
    Objects.requireNonNull(heading);
    Objects.requireNonNull(unit);
    Objects.requireNonNull(shown);
    Objects.requireNonNull(interval);
  }

  /** A column of texts. */
  public static Column words(String key, String heading) {
    return new Column(key, heading, Unit.NONE, Shown.WORDS, Optional.empty());
  }

  /** A column of whole numbers. */
  public static Column count(String key, String heading, Unit unit) {
    return new Column(key, heading, unit, Shown.COUNT, Optional.empty());
  }

  /** A column of measured numbers. */
  public static Column figure(String key, String heading, Unit unit, Shown shown) {
    return new Column(key, heading, unit, shown, Optional.empty());
  }

  /** The column by which rows are ranked. */
  public static Column ranked(String key, String heading, String interval) {
    return new Column(key, heading, Unit.NONE, Shown.FOUR_DIGITS, Optional.of(interval));
  }
}
