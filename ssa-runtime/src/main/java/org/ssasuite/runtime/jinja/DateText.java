package org.ssasuite.runtime.jinja;

import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.Locale;

/** A day at midnight as C's {@code strftime} writes it in the locale C. */
final class DateText {
  private DateText() {}

  static String of(LocalDate day, String format) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      if (format.charAt(at) != '%') {
        text.append(format.charAt(at));
        at++;
        continue;
      }
      boolean bare = format.startsWith("-", at + 1);
      int kind = at + (bare ? 2 : 1);
      if (kind >= format.length()) {
        throw TemplateFault.of("'strftime_now' with a '%' at its end");
      }
      String part = part(day, format.charAt(kind));
      text.append(bare ? part.replaceFirst("^0+(?=.)", "") : part);
      at = kind + 1;
    }
    return text.toString();
  }

  private static String part(LocalDate day, char kind) {
    return switch (kind) {
      case 'd' -> two(day.getDayOfMonth());
      case 'e' -> String.format(Locale.ROOT, "%2d", day.getDayOfMonth());
      case 'm' -> two(day.getMonthValue());
      case 'y' -> two(day.getYear() % 100);
      case 'Y' -> String.valueOf(day.getYear());
      case 'b', 'h' -> day.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> day.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'j' -> String.format(Locale.ROOT, "%03d", day.getDayOfYear());
      case 'u' -> String.valueOf(day.getDayOfWeek().getValue());
      case 'w' -> String.valueOf(day.getDayOfWeek().getValue() % 7);
      case 'F' -> part(day, 'Y') + "-" + part(day, 'm') + "-" + part(day, 'd');
      case 'D' -> part(day, 'm') + "/" + part(day, 'd') + "/" + part(day, 'y');
      case 'H', 'M', 'S' -> "00";
      case 'I' -> "12";
      case 'p' -> "AM";
      case 'T' -> "00:00:00";
      case 'R' -> "00:00";
      case '%' -> "%";
      default -> throw TemplateFault.of("'strftime_now' with '%" + kind + "'");
    };
  }

  private static String two(int number) {
    return String.format(Locale.ROOT, "%02d", number);
  }
}
