package org.ssasuite.leaderboards.report.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.ModeCost;

/** What each mode cost in the same run. */
final class CostSection {
  private static final double MILLIS = 1_000;
  private static final double PERCENT = 100;
  private static final Pattern CHOOSING = Pattern.compile("(?:sparse|random|best|released):(.+)");

  private CostSection() {}

  /** Absent where nothing was timed. */
  static Optional<Section> of(List<BudgetRun> runs, boolean severalRuns) {
    List<Row> rows = new ArrayList<>();
    for (BudgetRun run : runs) {
      for (ModeCost cost : run.costs()) {
        rows.add(row(run, cost, severalRuns));
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "budget-cost",
                    "What a budget costs",
                    "One prompt of book text, read and continued in every mode, round by round;"
                        + " medians over the rounds.",
                    columns(severalRuns),
                    rows)
                .noting(
                    List.of(
                        "Keys attended to: the mean over the prompt's queries of the keys that a head attends"
                            + " to. best also weighs every key to choose.",
                        "Selection: the time to the first token less that of window at the same"
                            + " budget in the same round, which attends to as many keys and"
                            + " chooses by position; near 0, or below, it is lost in the noise of"
                            + " the rounds.")));
  }

  private static List<Column> columns(boolean severalRuns) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model", "Model"),
                Column.words("mode", "Mode"),
                Column.count("prompt_tokens", "Prompt, tokens", Unit.TOKENS),
                Column.figure("attended_keys", "Keys attended to", Unit.TOKENS, Shown.TENTHS),
                Column.figure("attended_share", "Share of all keys, %", Unit.PERCENT, Shown.TENTHS),
                Column.figure("first_token_millis", "First token, ms", Unit.NONE, Shown.TENTHS),
                Column.figure("selection_millis", "Selection, ms", Unit.NONE, Shown.TENTHS),
                Column.figure("step_millis", "Step, ms", Unit.NONE, Shown.HUNDREDTHS),
                Column.figure("tokens_per_second", "Tokens/s", Unit.TOKENS_PER_SECOND, Shown.WHOLE),
                Column.count("rounds", "Rounds", Unit.NONE)));
    if (severalRuns) {
      columns.add(Column.count("run", "Run", Unit.NONE));
    }
    return columns;
  }

  private static Row row(BudgetRun run, ModeCost cost, boolean severalRuns) {
    double first = firstToken(cost);
    double all = (cost.tokens() + 1) / 2.0;
    List<Cell> cells =
        new ArrayList<>(
            List.of(
                Cell.of(cost.model()),
                Cell.of(cost.mode()),
                Cell.of((long) cost.tokens()),
                Cell.of(cost.attendedKeys()),
                Cell.of(PERCENT * cost.attendedKeys() / all),
                Cell.of(MILLIS * first),
                Cell.of(selection(run, cost)),
                Cell.of(MILLIS * median(cost.stepSeconds())),
                Cell.of(cost.tokens() / first),
                Cell.of((long) cost.firstTokenSeconds().size())));
    if (severalRuns) {
      cells.add(Cell.of((long) run.number()));
    }
    return new Row(cells, List.of());
  }

  /** Of the median round, seconds. */
  static double firstToken(ModeCost cost) {
    return median(cost.firstTokenSeconds());
  }

  /** Milliseconds more than window takes at the same budget. */
  static OptionalDouble selection(BudgetRun run, ModeCost cost) {
    Matcher choosing = CHOOSING.matcher(cost.mode());
    if (!choosing.matches()) {
      return OptionalDouble.empty();
    }
    Optional<ModeCost> window = run.cost(cost.model(), "window:" + choosing.group(1));
    if (window.isEmpty()
        || window.get().firstTokenSeconds().size() != cost.firstTokenSeconds().size()) {
      return OptionalDouble.empty();
    }
    List<Double> more = new ArrayList<>();
    for (int i = 0; i < cost.firstTokenSeconds().size(); i++) {
      more.add(cost.firstTokenSeconds().get(i) - window.get().firstTokenSeconds().get(i));
    }
    return OptionalDouble.of(MILLIS * median(more));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
