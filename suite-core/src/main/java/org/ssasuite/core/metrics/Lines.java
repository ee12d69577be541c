package org.ssasuite.core.metrics;

/** What LongBench makes of a prediction's line feeds. */
public final class Lines {
  private Lines() {}

  /** {@code text.lstrip("\n")}. */
  public static String withoutLeadingFeeds(String text) {
    int from = 0;
    while (from < text.length() && text.charAt(from) == '\n') {
      from++;
    }
    return text.substring(from);
  }

  /** {@code text.lstrip("\n").split("\n")[0]}: the first line that is not empty. */
  public static String first(String text) {
    String rest = withoutLeadingFeeds(text);
    int end = rest.indexOf('\n');
    return end < 0 ? rest : rest.substring(0, end);
  }
}
