package org.ssasuite.leaderboards.run.work;

import java.util.List;
import java.util.Locale;

/** Large amounts as people read them. */
final class Amount {
  private static final List<String> PREFIXES = List.of("", "k", "M", "G", "T", "P", "E");
  private static final double STEP = 1_000;

  /** What rounds to four digits has the next prefix. */
  private static final double LARGEST = 999.5;

  private static final double TWO_DIGITS = 9.995;
  private static final double THREE_DIGITS = 99.95;
  private static final double HALF_A_SECOND = 0.5;
  private static final double SECONDS_PER_MINUTE = 60;
  private static final double MINUTES_PER_HOUR = 60;
  private static final double SHORT_HOURS = 10;

  private Amount() {}

  /** Three digits and a prefix, to be put before a unit: {@code 12.3 M}. */
  static String of(double amount) {
    int prefix = 0;
    double value = amount;
    while (value >= LARGEST && prefix < PREFIXES.size() - 1) {
      value /= STEP;
      prefix++;
    }
    return String.format(Locale.ROOT, form(value), value, PREFIXES.get(prefix));
  }

  private static String form(double value) {
    if (value >= THREE_DIGITS) {
      return "%.0f %s";
    }
    return value >= TWO_DIGITS ? "%.1f %s" : "%.2f %s";
  }

  /** Seconds, minutes or hours. */
  static String time(double seconds) {
    if (seconds < HALF_A_SECOND) {
      return "less than a second";
    }
    double minutes = seconds / SECONDS_PER_MINUTE;
    double hours = minutes / MINUTES_PER_HOUR;
    if (seconds < 2 * SECONDS_PER_MINUTE) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (minutes < 2 * MINUTES_PER_HOUR) {
      return String.format(Locale.ROOT, "%.0f min", minutes);
    }
    return String.format(Locale.ROOT, hours < SHORT_HOURS ? "%.1f h" : "%.0f h", hours);
  }
}
