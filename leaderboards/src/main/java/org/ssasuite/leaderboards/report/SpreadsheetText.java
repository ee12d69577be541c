package org.ssasuite.leaderboards.report;

import org.ssasuite.core.VisibleText;

/**
 * Foreign text in a CSV cell. A spreadsheet computes a cell that begins with a sign of its formulas
 * ({@code =cmd|…} runs a program); an apostrophe before it makes it text, and is not shown.
 */
final class SpreadsheetText {
  /**
   * What begins a formula; the full-width forms do where the spreadsheet is Chinese or Japanese.
   */
  private static final String SIGNS = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

  private SpreadsheetText() {}

  /** The text in one line of visible characters, behind an apostrophe if it could be a formula. */
  static String of(String text) {
    boolean formula = !text.isEmpty() && (SIGNS + "\t\r").indexOf(text.charAt(0)) >= 0;
    return (formula ? "'" : "") + VisibleText.of(text);
  }
}
