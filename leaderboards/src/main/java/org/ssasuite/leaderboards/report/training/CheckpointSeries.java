package org.ssasuite.leaderboards.report.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;

/**
 * Checkpoints of one training as curves over its steps. A checkpoint is a model whose name ends in
 * a step ({@code step-00000100}, {@code checkpoint-500}, {@code mine_step100}); those of one
 * training share what stands before it, or the folder that they lie in.
 */
public final class CheckpointSeries {
  private static final Pattern STEP =
      Pattern.compile("(.*?)[-_.]?(?:global[-_]?)?(?:step|checkpoint|iter)[-_]?([0-9]{1,15})");
  private static final String FOLDER = "checkpoints";

  private final Leaderboard leaderboard;

  /** A model as a point of a training. */
  private record Checkpoint(String training, long step) {}

  /** What figures of a picture share. */
  private record Picture(Leaderboard.Protocol protocol, String metric) {}

  /** A curve of it. */
  private record Line(String training, String mode) {}

  /** By step; of two results of a step the later one counts. */
  private record Points(Map<Long, ReportedResult> bySteps) {}

  private CheckpointSeries(Leaderboard leaderboard) {
    this.leaderboard = leaderboard;
  }

  /** Absent where no training has two checkpoints with the same task. */
  public static Optional<Section> of(Leaderboard leaderboard) {
    return new CheckpointSeries(leaderboard).section();
  }

  private Optional<Section> section() {
    Map<Picture, Map<Line, Points>> pictures = pictures();
    List<Row> rows = new ArrayList<>();
    List<Curves> curves = new ArrayList<>();
    pictures.forEach(
        (picture, lines) -> {
          List<Curves.Curve> drawn = new ArrayList<>();
          lines.forEach(
              (line, points) -> {
                if (points.bySteps().size() > 1) {
                  drawn.add(curve(line, points));
                  points.bySteps().forEach((step, result) -> rows.add(row(line, step, result)));
                }
              });
          if (!drawn.isEmpty()) {
            String title = picture.protocol().task() + ", " + picture.metric();
            curves.add(
                new Curves(
                    "checkpoints-" + (curves.size() + 1),
                    title + " over training steps",
                    Axis.of("Training step", Unit.NONE),
                    Axis.of(picture.metric(), Unit.NONE),
                    drawn));
          }
        });
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "checkpoints",
                    "Checkpoints over training steps",
                    "Checkpoints of one training, by step:",
                    columns(),
                    rows)
                .drawn(curves, List.of()));
  }

  private static List<Column> columns() {
    return List.of(
        Column.words("training", "Training"),
        Column.words("mode", "Mode"),
        Column.words("task", "Task"),
        Column.words("metric", "Metric"),
        Column.count("step", "Step", Unit.NONE),
        Column.ranked("value", "Value", "95 % interval"),
        Column.count("documents", "Documents", Unit.DOCUMENTS));
  }

  private Map<Picture, Map<Line, Points>> pictures() {
    Map<Picture, Map<Line, Points>> pictures = new LinkedHashMap<>();
    for (FinishedRun run : leaderboard.runs()) {
      for (ReportedResult result : run.reported()) {
        Optional<Checkpoint> checkpoint = checkpoint(run, result.model());
        if (checkpoint.isPresent() && result.headline().isPresent()) {
          Picture picture =
              new Picture(
                  Leaderboard.Protocol.of(result.result()),
                  result.headline().orElseThrow().metric());
          pictures
              .computeIfAbsent(picture, any -> new LinkedHashMap<>())
              .computeIfAbsent(
                  new Line(checkpoint.get().training(), result.mode()),
                  any -> new Points(new TreeMap<>()))
              .bySteps()
              .put(checkpoint.get().step(), result);
        }
      }
    }
    return pictures;
  }

  /** The training is told by the rest of the name, else by the folder that the run was given. */
  private static Optional<Checkpoint> checkpoint(FinishedRun run, String model) {
    Matcher name = STEP.matcher(model);
    if (!name.matches()) {
      return Optional.empty();
    }
    String training =
        name.group(1).isEmpty()
            ? run.result().manifest().spec().models().stream()
                .map(Path::of)
                .filter(path -> path.endsWith(model))
                .findFirst()
                .map(CheckpointSeries::training)
                .orElse("")
            : name.group(1);
    return Optional.of(new Checkpoint(training, Long.parseLong(name.group(2))));
  }

  private static String training(Path checkpoint) {
    Path folder = checkpoint.getParent();
    if (folder != null && folder.endsWith(FOLDER) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder == null ? "" : folder.toString();
  }

  private static Curves.Curve curve(Line line, Points points) {
    List<Curves.Point> drawn = new ArrayList<>();
    points
        .bySteps()
        .forEach(
            (step, result) -> {
              MetricResult metric = result.headline().orElseThrow();
              drawn.add(new Curves.Point(step, metric.value(), ReportedResult.interval(metric)));
            });
    return new Curves.Curve(
        line.training().isEmpty() ? line.mode() : line.training() + " " + line.mode(),
        drawn,
        points.bySteps().values().stream().map(ReportedResult::source).toList());
  }

  private static Row row(Line line, long step, ReportedResult result) {
    MetricResult metric = result.headline().orElseThrow();
    return new Row(
        List.of(
            Cell.of(line.training()),
            Cell.of(line.mode()),
            Cell.of(result.result().task().name()),
            Cell.of(metric.metric()),
            Cell.of(step),
            new Cell.Real(metric.value(), ReportedResult.interval(metric), List.of()),
            Cell.of((long) metric.documents())),
        List.of(result.source()));
  }
}
