package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.VisibleText;

/** A Markdown table whose columns line up in a terminal too. Mutable while it is filled. */
public final class MarkdownTable {
  /** Text goes to the left, numbers to the right. */
  public enum Side {
    LEFT,
    RIGHT
  }

  private final List<Side> sides = new ArrayList<>();
  private final List<List<String>> lines = new ArrayList<>();

  public MarkdownTable() {
    lines.add(new ArrayList<>());
  }

  public MarkdownTable column(String heading, Side side) {
    sides.add(side);
    lines.get(0).add(heading);
    return this;
  }

  /** A row of finished cells; foreign text goes through {@link #escaped} first. */
  public void row(List<String> cells) {
    if (cells.size() != sides.size()) {
      throw new IllegalArgumentException(cells.size() + " cells for " + sides.size() + " columns");
    }
    lines.add(List.copyOf(cells));
  }

  public String text() {
    int[] widths = new int[sides.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(Math.max(widths[i], 3), width(line.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < lines.size(); row++) {
      text.append("|");
      for (int i = 0; i < widths.length; i++) {
        String cell = lines.get(row).get(i);
        String space = " ".repeat(widths[i] - width(cell));
        boolean left = sides.get(i) == Side.LEFT;
        text.append(' ').append(left ? cell + space : space + cell).append(" |");
      }
      text.append('\n');
      if (row == 0) {
        text.append(rule(widths));
      }
    }
    return text.toString();
  }

  private String rule(int[] widths) {
    StringBuilder rule = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      boolean right = sides.get(i) == Side.RIGHT;
      rule.append(' ').append("-".repeat(right ? widths[i] - 1 : widths[i]));
      rule.append(right ? ": |" : " |");
    }
    return rule.append('\n').toString();
  }

  /** Text that Markdown shows as it is, in one line. */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints().forEach(c -> append(escaped, c));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int c) {
    if (c == '\n' || c == '\r' || c == '\t') {
      escaped.append(' ');
      return;
    }
    String visible = VisibleText.of(Character.toString(c));
    boolean mark = "\\|*`<[]~".indexOf(c) >= 0 || visible.length() > Character.charCount(c);
    escaped.append(mark ? "\\" : "").append(visible);
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
