package org.ssasuite.leaderboards.report.speed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;

/**
 * What the answers of each model and mode of a run took, and on what; tokens per second by prompt
 * length. Each task's own rate is on the leaderboard.
 */
public final class SpeedSection {
  private static final String NOTE =
      "Seconds are those of the answers; planning and scoring do not count. Tokens read are a"
          + " sample's own, over all of its requests; shared ones were not computed again, since"
          + " another request had begun with them. What else ran on the machine is not known.";

  private final Leaderboard leaderboard;
  private final Map<String, FinishedRun> runs = new HashMap<>();

  private SpeedSection(Leaderboard leaderboard) {
    this.leaderboard = leaderboard;
    leaderboard.runs().forEach(run -> runs.put(run.folder(), run));
  }

  /** Absent where no row was timed. */
  public static Optional<Section> of(Leaderboard leaderboard) {
    return new SpeedSection(leaderboard).section();
  }

  private Optional<Section> section() {
    List<ReportedResult> timed =
        leaderboard.results().stream()
            .filter(row -> row.result().seconds() > 0 && row.result().tokens() > 0)
            .toList();
    Map<Contender, List<ReportedResult>> contenders =
        timed.stream()
            .collect(Collectors.groupingBy(Contender::of, LinkedHashMap::new, Collectors.toList()));
    List<Row> rows = new ArrayList<>();
    contenders.forEach((contender, own) -> rows.add(row(contender, own)));
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table("speed", "Speed", "What all answers of a run took:", columns(), rows)
                .noting(List.of(NOTE))
                .drawn(pictures(timed), List.of()));
  }

  private static List<Column> columns() {
    return List.of(
        Column.words("model", "Model"),
        Column.words("mode", "Mode"),
        Column.count("tasks", "Tasks", Unit.TASKS),
        Column.figure("answer_seconds", "Seconds", Unit.NONE, Shown.TENTHS),
        Column.figure("tokens_per_second", "Tokens/s", Unit.TOKENS_PER_SECOND, Shown.WHOLE),
        Column.figure("tokens", "Tokens read", Unit.TOKENS, Shown.LARGE_COUNT),
        Column.figure("shared_tokens", "Of which shared", Unit.TOKENS, Shown.LARGE_COUNT),
        Column.words("device", "Device"),
        Column.words("precision", "Precision"),
        Column.count("threads", "Threads", Unit.NONE),
        Column.words("processor", "Processor"));
  }

  private Row row(Contender contender, List<ReportedResult> own) {
    List<TaskResult> results = own.stream().map(ReportedResult::result).toList();
    RunManifest manifest = runs.get(contender.run()).result().manifest();
    double seconds = results.stream().mapToDouble(TaskResult::seconds).sum();
    long tokens = results.stream().mapToLong(TaskResult::tokens).sum();
    return new Row(
        List.of(
            Cell.of(contender.model()),
            Cell.of(contender.mode()),
            Cell.of((long) results.size()),
            Cell.of(seconds),
            Cell.of(tokens / seconds),
            Cell.of(tokens),
            shared(results),
            Cell.of(manifest.spec().device()),
            Cell.of(manifest.spec().precision()),
            Cell.of((long) manifest.spec().threads()),
            Cell.of(manifest.machine().processor())),
        own.stream().map(ReportedResult::source).toList());
  }

  /** Absent where a file of before does not state it. */
  private static Cell shared(List<TaskResult> results) {
    return results.stream().allMatch(result -> result.work().isPresent())
        ? Cell.of(results.stream().mapToLong(r -> r.work().orElseThrow().sharedTokens()).sum())
        : Cell.absent();
  }

  /** A model in a mode of a run. */
  private record Contender(String run, String model, String mode) {
    static Contender of(ReportedResult row) {
      return new Contender(row.run(), row.model(), row.mode());
    }
  }

  /** A model in a mode at several lengths of one task, in one run: nothing else is alike. */
  private record Line(String run, String model, String mode, String task) {
    static Line of(ReportedResult row) {
      return new Line(row.run(), row.model(), row.mode(), row.result().task().base());
    }
  }

  /** A picture for each task of which a model was timed at several lengths. */
  private List<Curves> pictures(List<ReportedResult> timed) {
    Map<Line, TreeMap<Integer, ReportedResult>> lines = new LinkedHashMap<>();
    for (ReportedResult row : timed) {
      int length = row.order().map(order -> order.length().orElse(0)).orElse(0);
      if (length > 0) {
        lines.computeIfAbsent(Line.of(row), any -> new TreeMap<>()).putIfAbsent(length, row);
      }
    }
    lines.values().removeIf(byLength -> byLength.size() < 2);
    Map<String, List<Curves.Curve>> tasks = new LinkedHashMap<>();
    lines.forEach(
        (line, byLength) ->
            tasks
                .computeIfAbsent(line.task(), any -> new ArrayList<>())
                .add(curve(line, byLength)));
    List<Curves> pictures = new ArrayList<>();
    tasks.forEach(
        (task, curves) ->
            pictures.add(
                new Curves(
                    "speed-" + (pictures.size() + 1),
                    "Tokens per second, " + task,
                    Axis.doubling("Length", Unit.TOKENS),
                    Axis.of("Tokens/s", Unit.TOKENS_PER_SECOND),
                    curves)));
    return pictures;
  }

  private Curves.Curve curve(Line line, Map<Integer, ReportedResult> byLength) {
    List<Curves.Point> points = new ArrayList<>();
    byLength.forEach(
        (length, row) ->
            points.add(new Curves.Point(length, row.result().tokensPerSecond(), Optional.empty())));
    List<FinishedRun> all = leaderboard.runs();
    String run = all.size() > 1 ? " (run " + (all.indexOf(runs.get(line.run())) + 1) + ")" : "";
    return new Curves.Curve(
        line.model() + " " + line.mode() + run,
        points,
        byLength.values().stream().map(ReportedResult::source).toList());
  }
}
