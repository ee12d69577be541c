package org.ssasuite.leaderboards.compare;

import java.util.List;
import org.ssasuite.core.run.attention.AttentionDifference;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.leaderboards.report.Rounding;

/** Differences of where attention goes, as a table; those over all positions. */
final class AttentionMarkdown {
  private static final String NOTES =
      """

      B − A on the samples that both were asked, documents paired; each interval by itself, not \
      adjusted for their number. By position: --json.
      """;
  private static final String FEW =
      "†: fewer than 20 documents; a Student t interval, or none for a single document. All others"
          + " are bootstrapped over documents.\n";

  private AttentionMarkdown() {}

  /** Empty where not both sides have watched. */
  static String of(Comparison comparison) {
    MarkdownTable table = new MarkdownTable();
    table.column("A", Side.LEFT).column("B", Side.LEFT).column("Task", Side.LEFT);
    table.column("Statistic", Side.LEFT);
    table.column("Value of A", Side.RIGHT).column("Value of B", Side.RIGHT);
    table.column("Difference", Side.RIGHT).column("95 % interval", Side.RIGHT);
    table.column("Samples", Side.RIGHT).column("Documents", Side.RIGHT);
    boolean any = false;
    boolean few = false;
    for (Comparison.Line line : comparison.lines()) {
      for (AttentionDifference each : line.task().attention()) {
        if (each.positions().isEmpty()) {
          Interval interval = each.interval();
          table.row(cells(line.task(), each, interval));
          any = true;
          few |= interval.method() != Interval.Method.BOOTSTRAP;
        }
      }
    }
    return any ? "\nWhere attention goes:\n\n" + table.text() + NOTES + (few ? FEW : "") : "";
  }

  private static List<String> cells(
      TaskComparison task, AttentionDifference each, Interval interval) {
    double difference = each.paired().difference();
    // Of the values' digits, or more where the difference is small.
    int decimals = Rounding.decimals(difference);
    return List.of(
        MarkdownTable.escaped(task.a().model() + " " + task.a().mode()),
        MarkdownTable.escaped(task.b().model() + " " + task.b().mode()),
        MarkdownTable.escaped(task.a().task()),
        MarkdownTable.escaped(each.statistic()),
        Rounding.of(each.paired().ratioA()),
        Rounding.of(each.paired().ratioB()),
        signed(difference, decimals),
        interval(interval, decimals),
        String.valueOf(each.samples()),
        String.valueOf(each.paired().documents()));
  }

  private static String interval(Interval interval, int decimals) {
    return switch (interval.method()) {
      case BOOTSTRAP, WILSON, COMBINED -> ends(interval, decimals);
      case STUDENT_T -> ends(interval, decimals) + " †";
      case NONE -> "– †";
    };
  }

  private static String ends(Interval interval, int decimals) {
    return signed(interval.low(), decimals) + " to " + signed(interval.high(), decimals);
  }

  private static String signed(double value, int decimals) {
    return (value < 0 ? "−" : "+") + Rounding.of(Math.abs(value), decimals);
  }
}
