package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.Facet;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;

/**
 * What RULER's results come to: averages and effective lengths, scores by depth, and beside them
 * how often attention took the needle.
 */
final class RulerSections {
  private static final String AVERAGES =
      "wAvg.: lengths weighed 1, 2, 3, … from the shortest on (inc), or from the longest on"
          + " (dec). Up to trained length, Beyond it: means over those lengths. Effective: the"
          + " longest length with 85.6 or more; 85 % of own: with 85 % or more of the score at the"
          + " training length, where that was run.";
  private static final String RECALL =
      "The miniatures' training text has recall documents, worded differently from RULER's"
          + " needles: their scores are no zero-shot scores.";

  private RulerSections() {}

  /** None without a row. */
  static List<Section> of(List<RulerRow> rows) {
    List<Section> sections = new ArrayList<>();
    if (!rows.isEmpty()) {
      List<RulerScores> all = RulerScores.of(rows);
      sections.add(scores(all));
      ProvenSection.of(rows, all).ifPresent(sections::add);
    }
    DepthSection.of(rows).ifPresent(sections::add);
    traces(rows).ifPresent(sections::add);
    if (rows.stream().anyMatch(row -> row.reported().embedded())) {
      sections.add(Section.words("ruler-recall", "Recall documents", RECALL));
    }
    return sections;
  }

  /** The columns that say what a row is of. */
  static List<Column> contender() {
    return List.of(Column.words("model", "Model"), Column.words("mode", "Mode"));
  }

  static List<Cell> contender(RulerRow.Contender contender) {
    return List.of(Cell.of(contender.model()), Cell.of(contender.mode()));
  }

  private static Section scores(List<RulerScores> all) {
    TreeSet<Integer> lengths = new TreeSet<>();
    all.forEach(scores -> lengths.addAll(scores.byLength().keySet()));
    List<Column> columns = new ArrayList<>(contender());
    columns.add(Column.words("version", "RULER"));
    columns.add(Column.count("tasks", "Tasks", Unit.TASKS));
    lengths.forEach(length -> columns.add(percent("tokens_" + length, tokens(length))));
    columns.add(percent("weighted_increasing", "wAvg. (inc)"));
    columns.add(percent("weighted_decreasing", "wAvg. (dec)"));
    columns.add(percent("inside", "Up to trained length"));
    columns.add(percent("beyond", "Beyond it"));
    columns.add(length("effective_tokens", "Effective length"));
    columns.add(length("effective_tokens_by_own_score", "Effective, 85 % of own"));
    List<Row> rows = all.stream().map(scores -> row(scores, lengths)).toList();
    return Section.table(
            "ruler",
            "RULER",
            "RULER, means over the tasks that were run at every length:",
            columns,
            rows)
        .noting(List.of(AVERAGES))
        .drawn(List.of(byLength(all)), List.of());
  }

  private static Row row(RulerScores scores, SortedSet<Integer> lengths) {
    List<Cell> cells = new ArrayList<>(contender(scores.contender()));
    cells.add(
        scores.contender().version().map(text -> Cell.of("RULER " + text)).orElse(Cell.absent()));
    cells.add(tasks(scores));
    for (int length : lengths) {
      Double score = scores.byLength().get(length);
      cells.add(score == null ? Cell.absent() : Cell.of((double) score));
    }
    cells.add(Cell.of(scores.increasing()));
    cells.add(Cell.of(scores.decreasing()));
    cells.add(Cell.of(scores.inside()));
    cells.add(Cell.of(scores.beyond()));
    cells.add(Cell.of(scores.effectiveLength()));
    cells.add(Cell.of(scores.effectiveLengthByOwnScore()));
    return new Row(cells, scores.sources());
  }

  /** RULER's own average is over its thirteen. */
  private static Cell tasks(RulerScores scores) {
    List<String> thirteen = RulerTaskName.ruler();
    long own = scores.tasks().stream().filter(thirteen::contains).count();
    long others = scores.tasks().size() - own;
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("own", own);
    parts.put("of", (long) thirteen.size());
    parts.put("public_domain", others);
    String text = own + " of " + thirteen.size() + (others > 0 ? " + " + others + " pd" : "");
    return new Cell.Text(text, parts, List.of());
  }

  private static Curves byLength(List<RulerScores> all) {
    return new Curves(
        "ruler-by-length",
        "RULER by length",
        Axis.doubling("Length", Unit.TOKENS),
        Axis.percent("Score"),
        all.stream()
            .map(
                scores ->
                    new Curves.Curve(
                        scores.contender().name(),
                        scores.byLength().entrySet().stream()
                            .map(
                                at ->
                                    new Curves.Point(at.getKey(), at.getValue(), Optional.empty()))
                            .toList(),
                        scores.sources()))
            .toList());
  }

  private static Optional<Section> traces(List<RulerRow> rows) {
    List<Column> columns = new ArrayList<>(contender());
    columns.add(Column.words("task", "Task"));
    columns.add(length("length", "Length"));
    columns.add(percent("score", "Score"));
    columns.add(percent("selected", "Needle's block chosen"));
    columns.add(percent("selected_first", "chosen at the first token"));
    columns.add(percent("selected_where_found", "chosen where found"));
    columns.add(percent("selected_where_missed", "chosen where missed"));
    List<Row> traced =
        rows.stream()
            .filter(row -> row.reported().metric(NeedleTrace.SELECTED).isPresent())
            .map(RulerSections::trace)
            .toList();
    return traced.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                "ruler-needle-trace",
                "Needle trace",
                "Needle trace, in percent of (layer, KV head, step): how often attention took a"
                    + " block of the needle while the answer was written. Where answers are missed"
                    + " and it was taken, selection did not lose them.",
                columns,
                traced));
  }

  private static Row trace(RulerRow row) {
    List<Cell> cells = new ArrayList<>(contender(row.contender()));
    cells.add(Cell.of(row.task()));
    cells.add(Cell.of((long) row.length()));
    cells.add(Cell.of(row.score()));
    cells.add(value(row.reported().metric(NeedleTrace.SELECTED)));
    cells.add(value(row.reported().metric(NeedleTrace.SELECTED_FIRST)));
    for (boolean found : new boolean[] {true, false}) {
      Facet facet = NeedleTrace.answer(found);
      cells.add(value(row.reported().metric(NeedleTrace.SELECTED, facet)));
    }
    return new Row(cells, List.of(row.reported().source()));
  }

  private static Cell value(Optional<MetricResult> metric) {
    return metric.map(found -> Cell.of(found.value())).orElse(Cell.absent());
  }

  static Column percent(String key, String heading) {
    return Column.figure(key, heading, Unit.PERCENT, Shown.TENTHS);
  }

  static Column length(String key, String heading) {
    return Column.figure(key, heading, Unit.TOKENS, Shown.LARGE_COUNT);
  }

  static String tokens(int length) {
    return String.format(Locale.ROOT, "%,d", length);
  }
}
