package org.ssasuite.leaderboards.report.latex;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.report.Leaderboard;
import org.ssasuite.leaderboards.report.Rounding;
import org.ssasuite.leaderboards.report.pivot.Pivot;
import org.ssasuite.leaderboards.report.ties.Ties;

/**
 * {@code leaderboard.tex}: a table for each suite, models by tasks, with booktabs. A figure has its
 * interval behind it; bold is one that a test tells from every other of its column, underlined are
 * the best and those that no test tells from it.
 */
public final class LatexTable {
  /** More columns than this do not go onto a page. */
  private static final int WIDEST = 8;

  private static final String NOTHING = "--";

  private final List<ReportedResult> results;
  private final List<Optional<Ties.Judged>> judged;
  private final Pivot pivot;

  private LatexTable(Leaderboard leaderboard, List<Optional<Ties.Judged>> judged) {
    this.results = leaderboard.results();
    this.judged = List.copyOf(judged);
    this.pivot = Pivot.of(leaderboard);
  }

  /**
   * The whole file.
   *
   * @param judged one for each row of the leaderboard
   */
  public static String of(Leaderboard leaderboard, List<Optional<Ties.Judged>> judged) {
    return new LatexTable(leaderboard, judged).text();
  }

  private String text() {
    StringBuilder text =
        new StringBuilder(
            """
            % Made by ssa report. Needs booktabs. Behind each figure its 95 % interval.
            % Bold: better than every other of its column by a paired test, 5 % over all of them (Holm).
            % Underlined: the best, and what no test tells from it. A column is one protocol and data set.
            """);
    pivot
        .columns()
        .forEach(
            (suite, columns) -> {
              for (int from = 0; from < columns.size(); from += WIDEST) {
                int to = Math.min(from + WIDEST, columns.size());
                text.append(table(suite, columns.subList(from, to)));
              }
            });
    return text.toString();
  }

  private String table(String suite, List<Pivot.Column> shown) {
    StringBuilder text = new StringBuilder("\n% ").append(escaped(suite)).append('\n');
    text.append("\\begin{tabular}{ll").append("r".repeat(shown.size())).append("}\n\\toprule\n");
    text.append("Model & Mode");
    shown.forEach(column -> text.append(" & ").append(escaped(column.protocol().task())));
    text.append(" \\\\\n & ");
    shown.forEach(
        column ->
            text.append(" & ").append(escaped(column.metric())).append(arrow(column.better())));
    text.append(" \\\\\n\\midrule\n");
    String mode = "";
    for (Pivot.Line line : pivot.lines(shown)) {
      if (!mode.isEmpty() && !mode.equals(line.mode())) {
        text.append("\\addlinespace\n");
      }
      mode = line.mode();
      text.append(escaped(pivot.name(line))).append(" & ").append(escaped(line.mode()));
      shown.forEach(column -> text.append(" & ").append(cell(line, column)));
      text.append(" \\\\\n");
    }
    return text.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  private static String arrow(Optional<MetricRule.Better> better) {
    return better
        .map(each -> each == MetricRule.Better.LOWER ? " $\\downarrow$" : " $\\uparrow$")
        .orElse("");
  }

  private String cell(Pivot.Line line, Pivot.Column column) {
    return pivot
        .at(line, column)
        .flatMap(at -> results.get(at).headline().map(metric -> cell(metric, judged.get(at))))
        .orElse(NOTHING);
  }

  private static String cell(MetricResult metric, Optional<Ties.Judged> place) {
    int decimals = Rounding.decimals(metric.value());
    String value = number(metric.value(), decimals);
    String shown =
        place
            .map(
                row ->
                    switch (row.place()) {
                      case BEST -> "\\mathbf{" + value + "}";
                      case TIED -> "\\underline{" + value + "}";
                      case BEHIND -> value;
                    })
            .orElse(value);
    return "$" + shown + ends(metric, decimals) + "$";
  }

  /** As ± where both ends are as far away as digits show, else each by itself. */
  private static String ends(MetricResult metric, int decimals) {
    Interval interval = metric.interval();
    if (interval.method() == Interval.Method.NONE) {
      return "";
    }
    String up = number(interval.high() - metric.value(), decimals);
    String down = number(metric.value() - interval.low(), decimals);
    return up.equals(down) ? "{\\scriptstyle\\,\\pm " + up + "}" : "^{+" + up + "}_{-" + down + "}";
  }

  static String number(double value, int decimals) {
    String text = Rounding.of(value, decimals);
    return text.replace("−", "-")
        .replace("∞", "\\infty")
        .replaceAll("e\\+?(-?\\d+)$", "\\\\cdot 10^{$1}");
  }

  /** Text that LaTeX sets as it is. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    VisibleText.of(text)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> escaped.append("\\textbackslash{}");
                case '~' -> escaped.append("\\textasciitilde{}");
                case '^' -> escaped.append("\\textasciicircum{}");
                case '&', '%', '$', '#', '_', '{', '}' -> escaped.append('\\').appendCodePoint(c);
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
