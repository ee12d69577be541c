package org.ssasuite.leaderboards.report.latex;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;

/**
 * {@code table1.tex}: runs of the preset of the SSA paper's table 1 in that table's form, groups of
 * receptive fields, choice tasks with the deviation over seeds, their average, and WikiText-2. In a
 * group bold is what a paired test tells from every other of its column, underlined are the best
 * and those that no test tells from it.
 */
public final class PaperTable {
  /** The preset whose runs have such a table. */
  public static final String PRESET = "ssa-table1";

  private static final String NOTHING = "--";
  private static final int DECIMALS = 2;
  private static final String PERPLEXITY = "wikitext2";

  /** Columns of the choice tasks: the paper's heading, and the tasks that may stand there. */
  private static final Map<String, List<String>> CHOICES = choices();

  private static final Pattern BUDGET = Pattern.compile("[a-z]+:([0-9]+)x([0-9]+)");

  private final List<ReportedResult> results;

  /** A row: a model in a mode, of a run. */
  private record Method(String run, String model, String mode) {
    static Method of(ReportedResult result) {
      return new Method(result.run(), result.model(), result.mode());
    }
  }

  /** Block size and count of a group's modes; no blocks: full attention. */
  private record Field(int tokens, int size, int count) implements Comparable<Field> {
    static Optional<Field> of(String mode) {
      if (mode.equals("full")) {
        return Optional.of(new Field(0, 0, 0));
      }
      Matcher form = BUDGET.matcher(mode);
      if (!form.matches()) {
        return Optional.empty();
      }
      int size = Integer.parseInt(form.group(1));
      int count = Integer.parseInt(form.group(2));
      return Optional.of(new Field(Math.multiplyExact(size, count), size, count));
    }

    @Override
    public int compareTo(Field other) {
      return Comparator.comparingInt(Field::tokens)
          .thenComparingInt(Field::size)
          .compare(this, other);
    }

    String text() {
      return size == 0 ? "Full" : "$%d\\times%d$ (%d)".formatted(size, count, tokens);
    }
  }

  private PaperTable(List<ReportedResult> results) {
    this.results = List.copyOf(results);
  }

  private static Map<String, List<String>> choices() {
    Map<String, List<String>> choices = new LinkedHashMap<>();
    choices.put("PIQA", List.of("piqa"));
    choices.put("HellaSwag", List.of("hellaswag", "hellaswag-valshots"));
    choices.put("ARC-E", List.of("arc_easy"));
    choices.put("ARC-C", List.of("arc_challenge"));
    return choices;
  }

  /** The whole file; absent where no run is of that preset. */
  public static Optional<String> of(Leaderboard leaderboard) {
    Set<String> runs =
        leaderboard.runs().stream()
            .filter(run -> spec(run).preset().equals(PRESET))
            .map(FinishedRun::folder)
            .collect(Collectors.toSet());
    List<ReportedResult> own =
        leaderboard.results().stream()
            .filter(result -> runs.contains(result.run()) && result.result().complete())
            .filter(result -> Field.of(result.mode()).isPresent())
            .toList();
    return own.isEmpty() ? Optional.empty() : Optional.of(new PaperTable(own).text());
  }

  private static RunSpec spec(FinishedRun run) {
    return run.result().manifest().spec();
  }

  private String text() {
    StringBuilder text =
        new StringBuilder(
            """
            % Made by ssa report, in the form of table 1 of arXiv 2511.20102. Needs booktabs.
            % Choice tasks: acc_norm in percent, mean and sample deviation over seeds; Avg: of the
            % tasks with each seed. PPL: word perplexity of WikiText-2. A group: the block size, how
            % many blocks, and their tokens. Bold: in its group better than every other by a paired
            % test over documents, 5 % over all of them (Holm); underlined: the best, and what no
            % test tells from it.
            """);
    protocols().forEach(line -> text.append("% ").append(LatexTable.escaped(line)).append('\n'));
    text.append("\\begin{tabular}{ll").append("c".repeat(CHOICES.size() + 2)).append("}\n");
    text.append("\\toprule\nMode & Method");
    CHOICES.keySet().forEach(heading -> text.append(" & ").append(heading));
    text.append(" & Avg $\\uparrow$ & PPL $\\downarrow$ \\\\\n");
    groups().forEach((field, methods) -> text.append(group(field, methods)));
    return text.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  /** What the figures are of, each once. */
  private List<String> protocols() {
    return results.stream()
        .map(
            result ->
                result.result().task().base()
                    + ": "
                    + result.result().protocol().replaceAll("seed-[0-9]+", "seed-*")
                    + ", "
                    + result.result().samples()
                    + " samples, data "
                    + result.result().dataDigest().substring(0, 12))
        .distinct()
        .toList();
  }

  private Map<Field, List<Method>> groups() {
    Map<Field, Set<Method>> groups = new TreeMap<>();
    for (ReportedResult result : results) {
      groups
          .computeIfAbsent(Field.of(result.mode()).orElseThrow(), any -> new LinkedHashSet<>())
          .add(Method.of(result));
    }
    Map<Field, List<Method>> lists = new LinkedHashMap<>();
    groups.forEach((field, methods) -> lists.put(field, List.copyOf(methods)));
    return lists;
  }

  private String group(Field field, List<Method> methods) {
    List<List<String>> columns = new ArrayList<>();
    List<List<PaperColumn.Figure>> choices = new ArrayList<>();
    for (List<String> tasks : CHOICES.values()) {
      List<PaperColumn.Figure> figures =
          methods.stream().map(method -> PaperColumn.choice(rows(method, tasks))).toList();
      choices.add(figures);
      columns.add(cells(figures));
    }
    columns.add(cells(PaperColumn.averages(choices)));
    columns.add(
        cells(
            methods.stream()
                .map(method -> PaperColumn.single(rows(method, List.of(PERPLEXITY))))
                .toList()));
    StringBuilder text = new StringBuilder("\\midrule\n");
    for (int i = 0; i < methods.size(); i++) {
      text.append(i == 0 ? field.text() : "").append(" & ");
      text.append(LatexTable.escaped(name(methods.get(i))));
      for (List<String> column : columns) {
        text.append(" & ").append(column.get(i));
      }
      text.append(" \\\\\n");
    }
    return text.toString();
  }

  /** The model, with the rule by which its blocks are chosen where the group has several. */
  private String name(Method method) {
    boolean several =
        results.stream()
            .map(Method::of)
            .anyMatch(
                other ->
                    other.model().equals(method.model())
                        && Field.of(other.mode()).equals(Field.of(method.mode()))
                        && !other.equals(method));
    return several ? method.model() + " " + method.mode() : method.model();
  }

  private List<ReportedResult> rows(Method method, List<String> tasks) {
    return results.stream()
        .filter(result -> Method.of(result).equals(method))
        .filter(result -> tasks.contains(result.result().task().base()))
        .toList();
  }

  private static List<String> cells(List<PaperColumn.Figure> figures) {
    List<PaperColumn.Place> places = PaperColumn.places(figures);
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < figures.size(); i++) {
      cells.add(cell(figures.get(i), places.get(i)));
    }
    return cells;
  }

  private static String cell(PaperColumn.Figure figure, PaperColumn.Place place) {
    if (figure.value().isEmpty()) {
      return NOTHING;
    }
    String value = LatexTable.number(figure.value().getAsDouble(), DECIMALS);
    String shown =
        switch (place) {
          case BEST -> "\\mathbf{" + value + "}";
          case TIED -> "\\underline{" + value + "}";
          case BEHIND, ALONE -> value;
        };
    return "$"
        + shown
        + (figure.deviation().isPresent()
            ? "_{\\pm "
                + LatexTable.number(figure.deviation().getAsDouble(), DECIMALS)
                    .replaceFirst("^0\\.", ".")
                + "}"
            : "")
        + "$";
  }
}
