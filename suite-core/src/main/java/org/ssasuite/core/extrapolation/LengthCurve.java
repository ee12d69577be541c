package org.ssasuite.core.extrapolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;

/**
 * A result by length.
 *
 * @param trained the length that the others are held against
 * @param score the mean over the lengths beyond it
 * @param points shortest length first
 */
public record LengthCurve(int trained, MetricResult score, List<Point> points) {
  private static final Pattern TOKENS = Pattern.compile("[1-9][0-9]{0,8}");

  public LengthCurve {
    Objects.requireNonNull(score);
    points = List.copyOf(points);
  }

  /**
   * What a result has at one length.
   *
   * @param delta the loss beyond that at the trained length; absent at that one
   * @param gain what is gained over a shorter context; absent where it is not longer
   */
  public record Point(
      int length,
      MetricResult nats,
      Optional<MetricResult> bitsPerByte,
      Optional<MetricResult> delta,
      Optional<MetricResult> deltaBitsPerByte,
      Optional<MetricResult> gain) {
    public Point {
      Objects.requireNonNull(nats);
      Objects.requireNonNull(bitsPerByte);
      Objects.requireNonNull(delta);
      Objects.requireNonNull(deltaBitsPerByte);
      Objects.requireNonNull(gain);
    }
  }

  /** Absent where a result has no such figures, as none whose samples all lack a score has. */
  public static Optional<LengthCurve> of(TaskResult result) {
    Optional<MetricResult> score =
        result.metrics().stream()
            .filter(each -> each.metric().equals(LengthMeasures.SCORE) && each.facet().isEmpty())
            .findFirst();
    List<Point> points = new ArrayList<>();
    for (int length : lengths(result)) {
      metric(result, LossMetrics.TOKEN_NATS, length)
          .ifPresent(nats -> points.add(point(result, length, nats)));
    }
    List<Integer> references =
        points.stream().filter(point -> point.delta().isEmpty()).map(Point::length).toList();
    return score.isPresent() && references.size() == 1
        ? Optional.of(new LengthCurve(references.get(0), score.get(), points))
        : Optional.empty();
  }

  private static TreeSet<Integer> lengths(TaskResult result) {
    TreeSet<Integer> lengths = new TreeSet<>();
    for (MetricResult metric : result.metrics()) {
      metric
          .facet()
          .filter(LengthMeasures::isLength)
          .filter(facet -> TOKENS.matcher(facet.value()).matches())
          .ifPresent(facet -> lengths.add(Integer.parseInt(facet.value())));
    }
    return lengths;
  }

  private static Point point(TaskResult result, int length, MetricResult nats) {
    return new Point(
        length,
        nats,
        metric(result, LossMetrics.BITS_PER_BYTE, length),
        metric(result, LengthMeasures.DELTA_NATS, length),
        metric(result, LengthMeasures.DELTA_BITS_PER_BYTE, length),
        metric(result, LengthMeasures.CONTEXT_GAIN, length));
  }

  private static Optional<MetricResult> metric(TaskResult result, String name, int length) {
    return result.metrics().stream()
        .filter(each -> each.metric().equals(name))
        .filter(each -> each.facet().equals(Optional.of(LengthMeasures.at(length))))
        .findFirst();
  }

  /** Those beyond the trained length. */
  public List<Point> beyond() {
    return points.stream().filter(point -> point.length() > trained).toList();
  }

  public int longest() {
    return points.get(points.size() - 1).length();
  }
}
