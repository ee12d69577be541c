package org.ssasuite.leaderboards.run;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.attribution.Attribution;
import org.ssasuite.core.extrapolation.LengthCurve;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.run.AttentionResult;
import org.ssasuite.core.run.AttributionResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.leaderboards.report.Rounding;

/** What a tour found, in plain words and tables that fit a terminal of 100 columns. */
final class TourSummary {
  private static final String NOTHING = "–";
  private static final int LOSS_DECIMALS = 3;
  private static final double PERCENT = 100;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final List<TaskResult> results;
  private final StringBuilder text = new StringBuilder();

  private TourSummary(List<TaskResult> results) {
    this.results = results;
  }

  /** Of a run; the path of its page is the last line. */
  static String of(FinishedRun run) {
    TourSummary summary = new TourSummary(run.result().results());
    summary.losses();
    summary.beyond();
    summary.needles();
    summary.times();
    Path page = Path.of(run.folder()).toAbsolutePath().normalize().resolve("report.html");
    summary.text.append("All of it, with pictures:\n").append(VisibleText.of(page.toString()));
    return summary.text.append('\n').toString();
  }

  private List<TaskResult> of(String task) {
    return results.stream().filter(row -> row.task().base().equals(task)).toList();
  }

  private void losses() {
    MarkdownTable table =
        new MarkdownTable()
            .column("Model", Side.LEFT)
            .column("Mode", Side.LEFT)
            .column("Nats/token", Side.RIGHT)
            .column("95 % interval", Side.RIGHT)
            .column("Books", Side.RIGHT)
            .column("First token", Side.RIGHT)
            .column("Sparse keeps", Side.RIGHT);
    for (TaskResult row : of(Tour.LOSS)) {
      Optional<MetricResult> loss = metric(row, LossMetrics.TOKEN_NATS);
      table.row(
          List.of(
              row.model().name(),
              row.model().mode(),
              loss.map(each -> Rounding.of(each.value(), LOSS_DECIMALS)).orElse(NOTHING),
              loss.map(each -> interval(each.interval())).orElse(NOTHING),
              loss.map(each -> String.valueOf(each.documents())).orElse("0"),
              share(row, name -> name.equals("first_1") || name.equals("selected_first_1")),
              share(row, name -> name.matches("captured_[0-9]+x[0-9]+"))));
    }
    part(
        "Loss on books (lower is better), and where attention goes",
        table,
        "First token: the share of attention that rests on a text's first token, a sink.\n"
            + "Sparse keeps: of full attention, the share on the tokens that sparse mode attends to.");
  }

  private void beyond() {
    List<TaskResult> rows = of(Tour.BEYOND);
    List<LengthCurve> curves = rows.stream().flatMap(row -> LengthCurve.of(row).stream()).toList();
    if (curves.isEmpty() || curves.size() < rows.size()) {
      return;
    }
    MarkdownTable table = new MarkdownTable().column("Model", Side.LEFT).column("Mode", Side.LEFT);
    for (LengthCurve.Point point : curves.get(0).points()) {
      boolean trained = point.length() == curves.get(0).trained();
      table.column(tokens(point.length()) + (trained ? " (trained)" : ""), Side.RIGHT);
    }
    table.column("Change", Side.RIGHT).column("95 % interval", Side.RIGHT);
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      LengthCurve curve = curves.get(i);
      MetricResult change = curve.points().get(curve.points().size() - 1).delta().orElseThrow();
      List<String> cells =
          new ArrayList<>(List.of(rows.get(i).model().name(), rows.get(i).model().mode()));
      curve.points().forEach(at -> cells.add(Rounding.of(at.nats().value(), LOSS_DECIMALS)));
      cells.add(Rounding.of(change.value(), LOSS_DECIMALS));
      cells.add(interval(change.interval()));
      table.row(cells);
      sentences.add(sentence(rows.get(i).model().name(), curve, change));
    }
    part(
        "Beyond training: nats per token on the same tokens, by how many are read",
        table,
        String.join("\n", sentences));
  }

  /** What the interval of the change says, and no more. */
  private static String sentence(String model, LengthCurve curve, MetricResult change) {
    String where = "At " + tokens(curve.longest()) + " tokens " + model;
    String books = change.documents() + (change.documents() == 1 ? " book" : " books");
    if (change.interval().method() == Interval.Method.NONE || change.interval().contains(0)) {
      return where + " may lose or gain: " + books + " cannot tell.";
    }
    String size = Rounding.of(Math.abs(change.value()), LOSS_DECIMALS) + " nats a token";
    return where
        + (change.value() > 0 ? " has lost " : " has gained ")
        + size
        + " ("
        + books
        + ").";
  }

  private void needles() {
    List<TaskResult> rows = of(Tour.NEEDLES);
    MarkdownTable table =
        new MarkdownTable()
            .column("Model", Side.LEFT)
            .column("Mode", Side.LEFT)
            .column("Found", Side.RIGHT)
            .column("No head looked", Side.RIGHT)
            .column("Selection lost it", Side.RIGHT)
            .column("Looked, not told", Side.RIGHT);
    for (TaskResult row : rows) {
      Optional<Attribution> why = row.attribution().map(AttributionResult::figures);
      table.row(
          List.of(
              row.model().name(),
              row.model().mode(),
              why.map(each -> each.right() + " of " + each.samples()).orElseGet(() -> found(row)),
              count(why.map(Attribution::neverLooked)),
              count(why.map(Attribution::selectionLost)),
              count(why.map(Attribution::looked))));
    }
    part(
        "Needles: a number hidden in a text, to be told at its end",
        table,
        "Not told is not the same as not seen: what counts is where attention looked.");
  }

  /** Where nobody asked why. */
  private static String found(TaskResult row) {
    return row.metrics().isEmpty()
        ? NOTHING
        : Rounding.of(row.metrics().get(0).value(), 0) + " % of " + row.samples();
  }

  private static String count(Optional<Integer> number) {
    return number.map(String::valueOf).orElse(NOTHING);
  }

  /** Of this command: one that goes on has less to do. */
  private void times() {
    double run = ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS_PER_SECOND;
    Optional<Integer> build = Optional.ofNullable(Integer.getInteger("ssa.build.seconds"));
    text.append("This took ")
        .append(build.map(seconds -> seconds + " s to build and ").orElse(""))
        .append(String.format(Locale.ROOT, "%.0f s to run.\n\n", run));
  }

  private void part(String title, MarkdownTable table, String notes) {
    text.append(title).append("\n\n").append(table.text()).append('\n');
    text.append(notes).append("\n\n");
  }

  private static Optional<MetricResult> metric(TaskResult row, String name) {
    return row.metrics().stream()
        .filter(each -> each.metric().equals(name) && each.facet().isEmpty())
        .findFirst();
  }

  private static String share(TaskResult row, Predicate<String> statistic) {
    return row.attention().stream()
        .flatMap(seen -> seen.rows().stream())
        .filter(seen -> seen.positions().isEmpty() && statistic.test(seen.statistic()))
        .findFirst()
        .map(AttentionResult.Row::value)
        .map(value -> Rounding.of(value * PERCENT, 1) + " %")
        .orElse(NOTHING);
  }

  private static String interval(Interval interval) {
    return interval.method() == Interval.Method.NONE
        ? NOTHING
        : Rounding.of(interval.low(), LOSS_DECIMALS)
            + " – "
            + Rounding.of(interval.high(), LOSS_DECIMALS);
  }

  private static String tokens(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
