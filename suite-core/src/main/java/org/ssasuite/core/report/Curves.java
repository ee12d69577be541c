package org.ssasuite.core.report;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.statistics.Interval;

/**
 * Curves over one axis, as scores by length.
 *
 * @param key names it in files and links, unique in a report
 */
public record Curves(String key, String title, Axis x, Axis y, List<Curve> curves) {
  /**
   * One of them.
   *
   * @param points from left to right
   * @param sources what it was made of
   */
  public record Curve(String name, List<Point> points, List<Source> sources) {
    public Curve {
      Objects.requireNonNull(name);
      points = List.copyOf(points);
      sources = List.copyOf(sources);
      for (int i = 1; i < points.size(); i++) {
        if (!(points.get(i - 1).x() < points.get(i).x())) {
          throw new IllegalArgumentException(name + " goes back at " + points.get(i).x());
        }
      }
    }
  }

  /**
   * A point of a curve.
   *
   * @param band how sure its height is; absent where nothing can be said
   */
  public record Point(double x, double y, Optional<Interval> band) {
    public Point {
      Objects.requireNonNull(band);
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException("a point at " + x + ", " + y);
      }
    }
  }

  public Curves {
    Section.requireKey(key);
    Objects.requireNonNull(title);
    Objects.requireNonNull(x);
    Objects.requireNonNull(y);
    curves = List.copyOf(curves);
  }
}
