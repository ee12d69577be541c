package org.ssasuite.leaderboards.report.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;

/** What {@code train.csv} and {@code evaluations.csv} of a training run come to over its steps. */
public final class TrainingCurves {
  private static final String LOG = "train.csv";
  private static final String EVALUATIONS = "evaluations.csv";

  /** More points than a picture has pixels would only make it large. */
  private static final int MOST_POINTS = 800;

  private TrainingCurves() {}

  /** Whether a folder is a training run's, and no evaluation's. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(LOG)) && !Files.exists(folder.resolve("results.json"));
  }

  /**
   * A section of pictures alone.
   *
   * @param number of the training run in the report, from 1
   * @throws BadInputException if a file is missing, or not what a training run writes
   */
  public static Section of(Path folder, int number) {
    String key = "training-" + number;
    Table log = Table.read(folder.resolve(LOG), List.of("step", "mode", "loss", "lr", "gradnorm"));
    List<Curves> pictures = new ArrayList<>();
    pictures.add(log.by("mode", "loss", key + "-loss", "Training loss", Unit.NATS_PER_TOKEN));
    pictures.add(log.by("mode", "gradnorm", key + "-gradnorm", "Norm of gradients", Unit.NONE));
    pictures.add(log.by("", "lr", key + "-rate", "Learning rate", Unit.NONE));
    Path evaluations = folder.resolve(EVALUATIONS);
    if (Files.exists(evaluations)) {
      Table table = Table.read(evaluations, List.of("step", "task", "mode", "metric", "value"));
      int at = 0;
      for (String metric : table.distinct("task", "metric")) {
        String title = "Evaluated: " + metric;
        pictures.add(
            table
                .where("task", "metric", metric)
                .by("mode", "value", key + "-of-" + ++at, title, Unit.NONE));
      }
    }
    return Section.pictures(key, "Training: " + folder, pictures)
        .noting(
            log.lines().size() > MOST_POINTS
                ? List.of(
                    "Of " + log.lines().size() + " steps at most " + MOST_POINTS + " a curve.")
                : List.of());
  }

  /** A file of lines with one value per column, none of which is quoted. */
  private record Table(Path file, Map<String, Integer> columns, List<String[]> lines) {
    /** Each ends in a line feed; the last one may lack it. */
    private static List<String> lines(String text) {
      List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
      if (lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      }
      return lines;
    }

    static Table read(Path file, List<String> needed) {
      List<String> text = lines(DataFile.of(file).text());
      Map<String, Integer> columns = new LinkedHashMap<>();
      String[] head = text.isEmpty() ? new String[0] : text.get(0).split(",", -1);
      for (int i = 0; i < head.length; i++) {
        columns.put(head[i], i);
      }
      for (String name : needed) {
        if (!columns.containsKey(name)) {
          throw new BadInputException(file, "has no column '" + name + "'");
        }
      }
      List<String[]> lines = new ArrayList<>();
      for (int i = 1; i < text.size(); i++) {
        String[] values = text.get(i).split(",", -1);
        if (values.length != head.length) {
          throw new BadInputException(
              file, "line " + (i + 1) + ": " + values.length + " values, not " + head.length);
        }
        lines.add(values);
      }
      return new Table(file, columns, lines);
    }

    String text(String[] line, String column) {
      return line[columns.getOrDefault(column, 0)];
    }

    double number(String[] line, String column) {
      try {
        return Double.parseDouble(text(line, column));
      } catch (NumberFormatException e) {
        throw new BadInputException(
            file, "'" + text(line, column) + "' in column '" + column + "' is no number");
      }
    }

    List<String> distinct(String first, String second) {
      return lines.stream()
          .map(line -> text(line, first) + " " + text(line, second))
          .distinct()
          .toList();
    }

    Table where(String first, String second, String name) {
      return new Table(
          file,
          columns,
          lines.stream()
              .filter(line -> (text(line, first) + " " + text(line, second)).equals(name))
              .toList());
    }

    /** A column over steps, a curve for each value of another; what is not finite is left out. */
    Curves by(String group, String value, String key, String title, Unit unit) {
      Map<String, List<Curves.Point>> curves = new LinkedHashMap<>();
      for (String[] line : lines) {
        double step = number(line, "step");
        double figure = number(line, value);
        List<Curves.Point> points =
            curves.computeIfAbsent(
                group.isEmpty() ? value : text(line, group), name -> new ArrayList<>());
        // A run that went on after an interruption may have a step twice: the later one counts.
        while (!points.isEmpty() && points.get(points.size() - 1).x() >= step) {
          points.remove(points.size() - 1);
        }
        if (Double.isFinite(figure)) {
          points.add(new Curves.Point(step, figure, Optional.empty()));
        }
      }
      List<Curves.Curve> drawn = new ArrayList<>();
      curves.forEach(
          (name, points) -> drawn.add(new Curves.Curve(name, thinned(points), List.of())));
      return new Curves(key, title, Axis.of("step", Unit.NONE), Axis.of(title, unit), drawn);
    }

    private static List<Curves.Point> thinned(List<Curves.Point> points) {
      int each = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
      List<Curves.Point> kept = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        if (i % each == 0 || i == points.size() - 1) {
          kept.add(points.get(i));
        }
      }
      return kept;
    }
  }
}
