package org.ssasuite.leaderboards.report.budget;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.ModeCost;

/** All that a report says of runs of suite budget; nothing where there is none. */
public final class BudgetSections {
  private static final String FEW =
      "†: fewer than 20 documents; a Student t interval, or none for a single document. All others"
          + " are bootstrapped over documents.";

  /** The presets of runs that ask what a budget buys. */
  public static final Set<String> PRESETS = Set.of("budget", "ssa-budget");

  private BudgetSections() {}

  /** The sections, in order. */
  public static List<Section> of(List<BudgetRun> runs) {
    boolean severalRuns = runs.size() > 1;
    return Stream.of(
            differences(runs, severalRuns),
            ControlSection.of(runs, severalRuns),
            CostSection.of(runs, severalRuns))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What a section says where an interval is of few documents; nothing where none is. */
  static List<String> few(List<Row> rows) {
    boolean few =
        rows.stream().flatMap(row -> row.cells().stream()).anyMatch(c -> !c.marks().isEmpty());
    return few ? List.of(FEW) : List.of();
  }

  private static Optional<Section> differences(List<BudgetRun> runs, boolean severalRuns) {
    List<Row> rows = new ArrayList<>();
    List<Curves> curves = new ArrayList<>();
    for (BudgetRun run : runs) {
      Map<BudgetRow, PairedDifference> against = new LinkedHashMap<>();
      for (BudgetRow row : run.rows()) {
        run.full(row)
            .flatMap(full -> PairedDifference.of(full, row))
            .ifPresent(difference -> against.put(row, difference));
      }
      against.forEach((row, difference) -> rows.add(row(run, row, difference, severalRuns)));
      curves.addAll(curves(run, against, severalRuns));
    }
    List<String> notes = new ArrayList<>(few(rows));
    notes.add(
        "Pareto front: no other mode of the model has a value as good at a price as low, and one"
            + " of the two better, by the point estimates; time: to the first token of the prompt"
            + " under \"What a budget costs\"; keys: attended to, best left out, as it looks at"
            + " all.");
    notes.add(
        "window: the first block and the latest ones; random: blocks drawn by splitmix64/1; best:"
            + " the blocks with most of full attention's mass, layer by layer.");
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "budget",
                    "What a budget buys",
                    "Each mode less full attention of the same weights on the samples that both"
                        + " were asked, documents paired; each interval by itself.",
                    columns(severalRuns),
                    rows)
                .noting(notes)
                .drawn(curves, List.of()));
  }

  private static List<Column> columns(boolean severalRuns) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model", "Model"),
                Column.words("mode", "Mode"),
                Column.words("task", "Task"),
                Column.words("metric", "Metric"),
                Column.figure("attended_keys", "Keys attended to", Unit.TOKENS, Shown.TENTHS),
                Column.figure("value", "Value", Unit.NONE, Shown.FOUR_DIGITS),
                Column.ranked("difference", "Change from full", "95 % interval"),
                Column.words("unit", "Unit"),
                Column.words("interval_method", "Interval"),
                Column.count("documents", "Documents", Unit.DOCUMENTS),
                Column.count("samples", "Samples", Unit.SAMPLES),
                Column.figure("tokens_per_second", "Tokens/s", Unit.TOKENS_PER_SECOND, Shown.WHOLE),
                Column.words("pareto", "Pareto front")));
    if (severalRuns) {
      columns.add(Column.count("run", "Run", Unit.NONE));
    }
    return columns;
  }

  private static Row row(
      BudgetRun run, BudgetRow row, PairedDifference difference, boolean severalRuns) {
    double speed = row.reported().result().tokensPerSecond();
    List<Cell> cells =
        new ArrayList<>(
            List.of(
                Cell.of(row.model()),
                Cell.of(row.mode()),
                Cell.of(row.task()),
                Cell.of(row.metric().metric()),
                Cell.of(keys(run, row)),
                Cell.of(row.metric().value()),
                row.mode().equals("full") ? Cell.absent() : difference.cell(),
                Cell.of(row.unit()),
                Cell.of(difference.method()),
                Cell.of((long) difference.paired().documents()),
                Cell.of((long) difference.paired().samples()),
                speed > 0 ? Cell.of(speed) : Cell.absent(),
                worth(run, row)));
    if (severalRuns) {
      cells.add(Cell.of((long) run.number()));
    }
    return new Row(cells, List.of(row.reported().source()));
  }

  private static OptionalDouble keys(BudgetRun run, BudgetRow row) {
    return run.cost(row.reported()).stream().mapToDouble(ModeCost::attendedKeys).findFirst();
  }

  private static OptionalDouble comparableKeys(BudgetRun run, BudgetRow row) {
    return row.rule().equals(Optional.of("best")) ? OptionalDouble.empty() : keys(run, row);
  }

  private static Cell worth(BudgetRun run, BudgetRow row) {
    List<BudgetRow> contest =
        run.rows().stream().filter(other -> other.contest().equals(row.contest())).toList();
    Pareto time =
        new Pareto(
            contest,
            one ->
                run.cost(one.reported()).stream().mapToDouble(CostSection::firstToken).findFirst());
    Pareto keys = new Pareto(contest, one -> comparableKeys(run, one));
    List<String> words = new ArrayList<>();
    if (time.holds(row)) {
      words.add("time");
    }
    if (keys.holds(row)) {
      words.add("keys");
    }
    return words.isEmpty() ? Cell.absent() : Cell.of(String.join(", ", words));
  }

  /**
   * A picture for each task: the difference by the blocks' tokens, a curve for each rule and size.
   */
  private static List<Curves> curves(
      BudgetRun run, Map<BudgetRow, PairedDifference> against, boolean severalRuns) {
    Map<String, Map<String, List<BudgetRow>>> byTask = new LinkedHashMap<>();
    for (BudgetRow row : against.keySet()) {
      if (row.budget().isPresent()) {
        String name =
            row.model() + " " + row.rule().orElseThrow() + ", blocks of " + row.blockSize().get();
        byTask
            .computeIfAbsent(row.task(), any -> new LinkedHashMap<>())
            .computeIfAbsent(name, any -> new ArrayList<>())
            .add(row);
      }
    }
    List<Curves> pictures = new ArrayList<>();
    byTask.forEach(
        (task, lines) -> {
          String unit = lines.values().iterator().next().get(0).unit();
          List<Curves.Curve> drawn =
              lines.entrySet().stream()
                  .map(line -> curve(line.getKey(), line.getValue(), against))
                  .toList();
          pictures.add(
              new Curves(
                  key(task, run, severalRuns),
                  "Change from full attention, "
                      + task
                      + (severalRuns ? ", run " + run.number() : ""),
                  Axis.doubling("Tokens of the blocks", Unit.TOKENS),
                  Axis.of("Change from full, " + unit, Unit.NONE),
                  drawn));
        });
    return pictures;
  }

  private static Curves.Curve curve(
      String name, List<BudgetRow> rows, Map<BudgetRow, PairedDifference> against) {
    Map<Long, BudgetRow> ordered = new TreeMap<>();
    rows.forEach(row -> ordered.putIfAbsent(row.budgetTokens().orElseThrow(), row));
    return new Curves.Curve(
        name,
        ordered.entrySet().stream()
            .map(
                point ->
                    new Curves.Point(
                        point.getKey(),
                        against.get(point.getValue()).value(),
                        against.get(point.getValue()).shown()))
            .toList(),
        ordered.values().stream().map(row -> row.reported().source()).toList());
  }

  private static String key(String task, BudgetRun run, boolean severalRuns) {
    String words = PythonText.lower(task).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return "budget-" + words + (severalRuns ? "-run-" + run.number() : "");
  }
}
