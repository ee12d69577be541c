package org.ssasuite.tasks.pg19;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.metrics.PositionFacets;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.task.Facet;

/** The loss by where in a document a token stands, as curves. */
final class LossCurves {
  private static final String BY_POSITION = "Loss by position";

  private LossCurves() {}

  /** None where no result has a loss by position. */
  static List<Section> of(List<ReportedResult> results) {
    List<Curves> curves = new ArrayList<>();
    add("loss-by-position", BY_POSITION, results, PositionFacets::position, curves);
    add("loss-by-prefix", "Loss on the first tokens", results, PositionFacets::prefix, curves);
    return curves.isEmpty()
        ? List.of()
        : List.of(Section.pictures("loss-by-position", BY_POSITION, curves));
  }

  private static void add(
      String key,
      String title,
      List<ReportedResult> results,
      IntFunction<Facet> slice,
      List<Curves> curves) {
    List<Curves.Curve> own =
        results.stream()
            .map(result -> curve(result, slice))
            .filter(curve -> !curve.points().isEmpty())
            .toList();
    if (!own.isEmpty()) {
      curves.add(
          new Curves(
              key,
              title,
              Axis.doubling("Position", Unit.TOKENS),
              Axis.of("Loss", Unit.NATS_PER_TOKEN),
              own));
    }
  }

  private static Curves.Curve curve(ReportedResult result, IntFunction<Facet> slice) {
    List<Curves.Point> points = new ArrayList<>();
    for (int end : PositionFacets.ends()) {
      result
          .metric(LossMetrics.TOKEN_NATS, slice.apply(end))
          .ifPresent(
              loss ->
                  points.add(new Curves.Point(end, loss.value(), ReportedResult.interval(loss))));
    }
    String name = result.model() + " " + result.mode() + " " + result.result().task().name();
    return new Curves.Curve(name, points, points.isEmpty() ? List.of() : List.of(result.source()));
  }
}
