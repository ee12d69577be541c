package org.ssasuite.leaderboards.report.seeds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.statistics.Interval;

/** What a report says of rows that differ in their seeds alone; nothing where there are none. */
public final class SeedSections {
  private static final int FEW_DOCUMENTS = 20;

  private final List<String> runs;
  private final Map<SeedSeries, SeedSeries.Known> known = new LinkedHashMap<>();

  private SeedSections(List<SeedSeries> series, List<String> runs) {
    this.runs = List.copyOf(runs);
    series.forEach(one -> known.put(one, one.known()));
  }

  /** Series of a model in a mode that have the same seeds, metric, and all else but the task. */
  private record Averaged(String run, String model, String mode, String suite, String rest) {}

  /**
   * The section, if there is a series.
   *
   * @param runs the report's, in its order
   */
  public static List<Section> of(List<ReportedResult> results, List<String> runs) {
    List<SeedSeries> series = SeedSeries.of(results);
    return series.isEmpty() ? List.of() : List.of(new SeedSections(series, runs).section());
  }

  private Section section() {
    Map<Averaged, List<SeedSeries>> suites = new LinkedHashMap<>();
    for (SeedSeries one : known.keySet()) {
      suites.computeIfAbsent(key(one), any -> new ArrayList<>()).add(one);
    }
    List<Row> rows = new ArrayList<>();
    for (List<SeedSeries> members : suites.values()) {
      members.forEach(one -> rows.add(row(one)));
      if (members.size() > 1) {
        rows.add(average(members));
      }
    }
    return Section.table(
            "seeds",
            "Over seeds",
            "Mean and sample deviation (n − 1) over seeds, and the interval of that mean over"
                + " documents, each with its samples of all seeds.",
            columns(),
            rows)
        .noting(notes(rows, suites));
  }

  private static Averaged key(SeedSeries one) {
    return new Averaged(
        one.run(), one.model(), one.mode(), one.suite(), one.metric() + " " + one.seeds());
  }

  private static List<String> notes(List<Row> rows, Map<Averaged, List<SeedSeries>> suites) {
    List<String> notes = new ArrayList<>();
    if (rows.stream().flatMap(row -> row.cells().stream()).anyMatch(c -> !c.marks().isEmpty())) {
      notes.add("†: fewer than 20 documents; a Student t interval, or none for a single document.");
    }
    if (suites.values().stream().anyMatch(members -> members.size() > 1)) {
      notes.add(
          "average: of the tasks' figures with each seed, then over seeds; its standard error is"
              + " that of its tasks' documents, which are independent.");
    }
    notes.add(
        "The deviation is of drawing anew what seeds draw, as shots, on the same documents; the"
            + " interval is of other documents.");
    return notes;
  }

  private List<Column> columns() {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model", "Model"),
                Column.words("mode", "Mode"),
                Column.words("task", "Task"),
                Column.words("metric", "Metric"),
                Column.ranked("value", "Mean", "95 % interval"),
                Column.figure("deviation", "± over seeds", Unit.NONE, Shown.HUNDREDTHS),
                Column.figure("standard_error", "Std. error", Unit.NONE, Shown.LIKE_RANKED),
                Column.words("seeds", "Seeds"),
                Column.count("documents", "Documents", Unit.DOCUMENTS)));
    if (runs.size() > 1) {
      columns.add(Column.count("run", "Run", Unit.NONE));
    }
    return columns;
  }

  private Row row(SeedSeries one) {
    SeedSeries.Known about = known.get(one);
    Optional<Interval> interval =
        Optional.of(about.interval()).filter(ends -> ends.method() != Interval.Method.NONE);
    List<Mark> marks = about.documents() < FEW_DOCUMENTS ? List.of(Mark.FEW_DOCUMENTS) : List.of();
    return row(
        List.of(one),
        name(one),
        new Cell.Real(one.spread().mean(), interval, marks),
        one.spread(),
        List.of(Cell.of(about.standardError()), Cell.of((long) about.documents())));
  }

  /** The task, with what of its length and shots the rows' names show. */
  private static String name(SeedSeries one) {
    return one.rows().get(0).result().task().name().replaceFirst("@seed-[0-9]+$", "");
  }

  private Row average(List<SeedSeries> members) {
    SeedSeries.Spread spread = SeedSeries.Spread.of(averages(members));
    return row(
        members,
        "average of " + members.size(),
        Cell.of(spread.mean()),
        spread,
        List.of(Cell.of(error(members.stream().map(known::get).toList())), Cell.absent()));
  }

  /** Of tasks whose documents are independent. */
  private static OptionalDouble error(List<SeedSeries.Known> known) {
    double squares = 0;
    for (SeedSeries.Known one : known) {
      if (one.standardError().isEmpty()) {
        return OptionalDouble.empty();
      }
      squares += Math.pow(one.standardError().getAsDouble(), 2);
    }
    return OptionalDouble.of(Math.sqrt(squares) / known.size());
  }

  /** The mean of tasks with each seed. */
  public static double[] averages(List<SeedSeries> members) {
    double[] sums = new double[members.get(0).values().length];
    for (SeedSeries one : members) {
      double[] values = one.values();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += values[i];
      }
    }
    return Arrays.stream(sums).map(sum -> sum / members.size()).toArray();
  }

  /**
   * A row.
   *
   * @param how standard error and documents
   */
  private Row row(
      List<SeedSeries> members, String task, Cell value, SeedSeries.Spread spread, List<Cell> how) {
    SeedSeries of = members.get(0);
    List<Cell> cells =
        new ArrayList<>(
            List.of(
                Cell.of(of.model()),
                Cell.of(of.mode()),
                Cell.of(task),
                Cell.of(of.metric()),
                value,
                Cell.of(spread.deviation()),
                how.get(0),
                Cell.of(of.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "))),
                how.get(1)));
    if (runs.size() > 1) {
      cells.add(Cell.of(runs.indexOf(of.run()) + 1L));
    }
    List<Source> sources =
        members.stream().flatMap(one -> one.rows().stream()).map(ReportedResult::source).toList();
    return new Row(cells, sources);
  }
}
