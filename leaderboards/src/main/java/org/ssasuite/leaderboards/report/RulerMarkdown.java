package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.Facet;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.tasks.ruler.RulerTasks;

/**
 * What RULER's rows come to: averages and effective lengths, scores by depth, and beside them how
 * often attention took the needle.
 */
final class RulerMarkdown {
  private static final int TENTHS = 10;
  private static final String SELECTED = "needle_selected";
  private static final String SELECTED_FIRST = "needle_selected_first";

  private RulerMarkdown() {}

  /** The tables and their notes; empty without rows of RULER. */
  static String of(Leaderboard leaderboard) {
    List<RulerRow> rows = RulerRow.of(leaderboard);
    return rows.isEmpty() ? "" : scores(rows) + depths(rows) + traces(rows) + recall(rows);
  }

  private static String scores(List<RulerRow> rows) {
    List<RulerScores> all = RulerScores.of(rows);
    TreeSet<Integer> lengths = new TreeSet<>();
    all.forEach(scores -> lengths.addAll(scores.byLength().keySet()));
    MarkdownTable table = new MarkdownTable();
    table.column("Model", Side.LEFT).column("Mode", Side.LEFT).column("RULER", Side.LEFT);
    table.column("Tasks", Side.RIGHT);
    lengths.forEach(length -> table.column(tokens(length), Side.RIGHT));
    table.column("wAvg. (inc)", Side.RIGHT).column("wAvg. (dec)", Side.RIGHT);
    table.column("Inside", Side.RIGHT).column("Beyond", Side.RIGHT);
    table.column("Effective", Side.RIGHT).column("85 % of own", Side.RIGHT);
    for (RulerScores scores : all) {
      List<String> cells = new ArrayList<>();
      cells.add(MarkdownTable.escaped(scores.model()));
      cells.add(scores.mode());
      cells.add(MarkdownTable.escaped(scores.version()));
      cells.add(tasks(scores));
      for (int length : lengths) {
        Double score = scores.byLength().get(length);
        cells.add(score == null ? "–" : Rounding.of(score, 1));
      }
      cells.add(number(scores.increasing()));
      cells.add(number(scores.decreasing()));
      cells.add(number(scores.inside()));
      cells.add(number(scores.beyond()));
      cells.add(length(scores.effectiveLength()));
      cells.add(length(scores.effectiveLengthByOwnScore()));
      table.row(cells);
    }
    return "\nRULER, means over the tasks that were run at every length:\n\n"
        + table.text()
        + "\nwAvg.: lengths weighed 1, 2, 3, … from the shortest on (inc), or from the longest on"
        + " (dec). Inside, Beyond: lengths up to and above the training length. Effective: the"
        + " longest length with 85.6 or more; 85 % of own: with 85 % or more of the score at the"
        + " training length, where that was run.\n";
  }

  /** RULER's own average is over its thirteen. */
  private static String tasks(RulerScores scores) {
    long own = scores.tasks().stream().filter(RulerTasks.ruler()::contains).count();
    long others = scores.tasks().size() - own;
    return own + " of " + RulerTasks.ruler().size() + (others > 0 ? " + " + others + " pd" : "");
  }

  private static String depths(List<RulerRow> rows) {
    MarkdownTable table = new MarkdownTable();
    table.column("Model", Side.LEFT).column("Mode", Side.LEFT).column("Length", Side.RIGHT);
    for (int tenth = 0; tenth < TENTHS; tenth++) {
      table.column(depth(tenth), Side.RIGHT);
    }
    boolean any = false;
    for (List<RulerRow> group : groups(rows)) {
      RulerRow first = group.get(0);
      List<String> cells = new ArrayList<>();
      cells.add(MarkdownTable.escaped(first.model()));
      cells.add(first.mode());
      cells.add(tokens(first.length()));
      for (int tenth = 0; tenth < TENTHS; tenth++) {
        Optional<Facet> facet = Optional.of(new Facet("depth", depth(tenth)));
        OptionalDouble mean =
            group.stream()
                .filter(row -> row.task().startsWith("niah"))
                .flatMap(row -> row.metric("string_match_all", facet).stream())
                .mapToDouble(MetricResult::value)
                .average();
        any |= mean.isPresent();
        cells.add(number(mean));
      }
      table.row(cells);
    }
    return any
        ? "\nAnswers found by the depth of their needle, means over the needle tasks:\n\n"
            + table.text()
        : "";
  }

  private static String traces(List<RulerRow> rows) {
    MarkdownTable table = new MarkdownTable();
    table.column("Model", Side.LEFT).column("Mode", Side.LEFT).column("Task", Side.LEFT);
    table.column("Length", Side.RIGHT).column("Score", Side.RIGHT);
    table.column("Selected", Side.RIGHT).column("at the first token", Side.RIGHT);
    table.column("where found", Side.RIGHT).column("where missed", Side.RIGHT);
    boolean any = false;
    for (RulerRow row : rows) {
      Optional<MetricResult> selected = row.metric(SELECTED, Optional.empty());
      if (selected.isEmpty()) {
        continue;
      }
      any = true;
      table.row(
          List.of(
              MarkdownTable.escaped(row.model()),
              row.mode(),
              MarkdownTable.escaped(row.task()),
              tokens(row.length()),
              Rounding.of(row.score(), 1),
              Rounding.of(selected.get().value(), 1),
              percent(row.metric(SELECTED_FIRST, Optional.empty())),
              percent(row.metric(SELECTED, answer("found"))),
              percent(row.metric(SELECTED, answer("missed")))));
    }
    return any
        ? "\nNeedle trace, in percent of (layer, KV head, step): how often attention took a block of"
            + " the needle while the answer was written. Where answers are missed and it was taken,"
            + " selection did not lose them.\n\n"
            + table.text()
        : "";
  }

  private static Optional<Facet> answer(String value) {
    return Optional.of(new Facet("answer", value));
  }

  private static String recall(List<RulerRow> rows) {
    boolean miniature = rows.stream().anyMatch(row -> ModelShelf.embedded().contains(row.model()));
    return miniature
        ? "\nThe miniatures' training text has recall documents, worded differently from RULER's"
            + " needles: their scores are no zero-shot scores.\n"
        : "";
  }

  /** Rows of one model, mode and length. */
  private static List<List<RulerRow>> groups(List<RulerRow> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> List.of(row.run(), row.model(), row.mode(), row.version(), row.length()),
                LinkedHashMap::new,
                Collectors.toList()))
        .values()
        .stream()
        .toList();
  }

  private static String depth(int tenth) {
    return tenth * TENTHS + "-" + (tenth + 1) * TENTHS + "%";
  }

  private static String tokens(int length) {
    return String.format(Locale.ROOT, "%,d", length);
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? Rounding.of(value.getAsDouble(), 1) : "–";
  }

  private static String percent(Optional<MetricResult> metric) {
    return metric.map(found -> Rounding.of(found.value(), 1)).orElse("–");
  }

  private static String length(OptionalInt length) {
    return length.isPresent() ? tokens(length.getAsInt()) : "–";
  }
}
