package org.ssasuite.leaderboards.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.statistics.Interval;

/** A section with a picture of each kind that a section can have. */
final class EveryPicture {
  private EveryPicture() {}

  static Section section(String key, String name) {
    List<Curves.Curve> curves = new ArrayList<>();
    for (int c = 0; c < 10; c++) {
      List<Curves.Point> points = new ArrayList<>();
      for (int length = 1024; length <= 16_384; length *= 2) {
        double y = 20 + 5 * c + 1000.0 / length;
        Interval band = new Interval(y - 4, y + 4, 0.95, Interval.Method.BOOTSTRAP);
        points.add(new Curves.Point(length, y, c == 0 ? Optional.empty() : Optional.of(band)));
      }
      curves.add(new Curves.Curve(name + " " + c, points, List.of()));
    }
    Curves byLength =
        new Curves(
            key + "-curves",
            "By length: " + name,
            Axis.doubling("Length", Unit.TOKENS),
            Axis.percent("Score"),
            curves);
    return Section.table(key, "Pictures of " + name, "", List.of(), List.of())
        .drawn(List.of(byLength), List.of(grid(key, name)));
  }

  private static Grid grid(String key, String name) {
    List<Grid.Panel> panels = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      List<List<OptionalDouble>> lines = new ArrayList<>();
      for (int layer = 0; layer < 6; layer++) {
        List<OptionalDouble> line = new ArrayList<>();
        for (int head = 0; head < 4; head++) {
          boolean absent = layer == 2 && head == 1;
          line.add(absent ? OptionalDouble.empty() : OptionalDouble.of(p + layer * 0.1 + head));
        }
        lines.add(line);
      }
      panels.add(new Grid.Panel(name + " " + p, lines, List.of()));
    }
    return new Grid(
        key + "-grid",
        "Heads of " + name,
        new Grid.Scale(Axis.of("Layer", Unit.NONE), List.of("0", "1", "2", "3", "4", "5")),
        new Grid.Scale(Axis.of("Head", Unit.NONE), List.of("0", "1", "2", "3")),
        Axis.of("Mass", Unit.NONE),
        panels);
  }
}
