package org.ssasuite.leaderboards.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.leaderboards.report.Rounding;

/** A comparison as a table with a sentence for each task. */
final class ComparisonMarkdown {
  private static final double SMALLEST_SHOWN = 1e-4;

  private final Comparison comparison;

  private ComparisonMarkdown(Comparison comparison) {
    this.comparison = comparison;
  }

  static String of(Comparison comparison) {
    ComparisonMarkdown markdown = new ComparisonMarkdown(comparison);
    return markdown.table() + markdown.notes() + AttentionMarkdown.of(comparison);
  }

  private String table() {
    MarkdownTable table = new MarkdownTable();
    table.column("A", Side.LEFT).column("B", Side.LEFT).column("Task", Side.LEFT);
    table
        .column("Metric", Side.LEFT)
        .column("Value of A", Side.RIGHT)
        .column("Value of B", Side.RIGHT);
    table.column("Difference", Side.RIGHT).column("95 % interval", Side.RIGHT);
    table.column("Test", Side.LEFT).column("p", Side.RIGHT).column("p (Holm)", Side.RIGHT);
    table.column("Smallest visible difference", Side.RIGHT);
    table.column("Samples", Side.RIGHT).column("Documents", Side.RIGHT);
    table.column("Verdict", Side.LEFT);
    comparison.lines().forEach(line -> table.row(cells(line)));
    return table.text();
  }

  private List<String> cells(Comparison.Line line) {
    TaskComparison task = line.task();
    DifferenceScale scale = task.scale();
    double valueA = task.transform().apply(task.paired().ratioA());
    double valueB = task.transform().apply(task.paired().ratioB());
    List<String> cells = new ArrayList<>();
    cells.add(MarkdownTable.escaped(task.a().model() + " " + task.a().mode()));
    cells.add(MarkdownTable.escaped(task.b().model() + " " + task.b().mode()));
    cells.add(MarkdownTable.escaped(task.a().task()));
    cells.add(
        MarkdownTable.escaped(task.metric())
            + (task.better() == MetricRule.Better.LOWER ? " ↓" : " ↑"));
    cells.add(Rounding.of(valueA));
    cells.add(Rounding.of(valueB));
    cells.add(scale.text(task.paired().difference()));
    cells.add(interval(task.interval(), scale));
    cells.add(task.test().map(PairedTest::name).orElse("–"));
    cells.add(task.test().map(test -> probability(test.probability())).orElse("–"));
    cells.add(line.adjusted().map(ComparisonMarkdown::probability).orElse("–"));
    cells.add(visible(task));
    cells.add(String.valueOf(task.paired().samples()));
    cells.add(String.valueOf(task.paired().documents()));
    cells.add(line.verdict().words());
    return cells;
  }

  private String visible(TaskComparison task) {
    OptionalDouble smallest =
        task.smallestVisible(
            comparison.alpha() / Math.max(1, comparison.tests()), comparison.power());
    return smallest.isPresent() ? task.scale().size(smallest.getAsDouble()) : "–";
  }

  private static String interval(Interval interval, DifferenceScale scale) {
    return interval.method() == Interval.Method.NONE
        ? "–"
        : scale.text(interval.low()) + " to " + scale.text(interval.high());
  }

  private static String probability(double p) {
    return p < SMALLEST_SHOWN ? "< 0.0001" : Rounding.of(p, 4);
  }

  private String notes() {
    StringBuilder notes = new StringBuilder("\n");
    notes
        .append("B is called better or worse where p after Holm's adjustment over ")
        .append(comparison.tests())
        .append(comparison.tests() == 1 ? " test" : " tests")
        .append(" is at most ")
        .append(comparison.alpha())
        .append(
            ". A true difference of the size under 'Smallest visible difference' is found with probability ")
        .append(comparison.power())
        .append(".\n");
    for (Comparison.Line line : comparison.lines()) {
      aside(line.task(), notes);
    }
    comparison
        .notCompared()
        .forEach(
            reason ->
                notes.append("Not compared: ").append(MarkdownTable.escaped(reason)).append('\n'));
    return notes.toString();
  }

  private static void aside(TaskComparison task, StringBuilder notes) {
    SamplePairs samples = task.samples();
    List<String> left = new ArrayList<>();
    if (samples.onlyA() > 0) {
      left.add(samples.onlyA() + " samples that only A was asked");
    }
    if (samples.onlyB() > 0) {
      left.add(samples.onlyB() + " samples that only B was asked");
    }
    if (samples.unscored() > 0) {
      left.add(samples.unscored() + " without a score");
    }
    if (!left.isEmpty()) {
      notes
          .append("Left out of ")
          .append(MarkdownTable.escaped(task.a().text()))
          .append(": ")
          .append(String.join(", ", left))
          .append(".\n");
    }
  }
}
