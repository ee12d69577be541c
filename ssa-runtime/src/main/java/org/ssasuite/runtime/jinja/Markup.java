package org.ssasuite.runtime.jinja;

/**
 * A text behind the filter {@code safe}: what is added to it with a plus is escaped for HTML.
 *
 * <p>Reference: markupsafe 3.0, {@code Markup.__add__}, {@code escape}.
 */
record Markup(String text) {
  /** A text as it is added to one. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }
}
