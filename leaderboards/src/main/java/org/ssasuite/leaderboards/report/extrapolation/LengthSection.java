package org.ssasuite.leaderboards.report.extrapolation;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ssasuite.core.extrapolation.LengthCurve;
import org.ssasuite.core.extrapolation.LengthCurve.Point;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;

/** The loss at each length, and over that at the trained one: a row a length, and curves. */
final class LengthSection {
  private LengthSection() {}

  static Section of(List<LengthResult> results, boolean severalRuns) {
    List<Row> rows = results.stream().flatMap(result -> rows(result, severalRuns)).toList();
    return Section.table(
            "extrapolation-lengths",
            "Loss by length",
            "The same tokens at each length, which counts them and what is read before them; change:"
                + " over the loss at the trained length.",
            ExtrapolationSections.columns(
                severalRuns,
                Column.figure("length", "Length", Unit.TOKENS, Shown.LARGE_COUNT),
                Column.figure("token_nats", "Nats/token", Unit.NATS_PER_TOKEN, Shown.FOUR_DIGITS),
                Column.figure("bits_per_byte", "Bits/byte", Unit.BITS_PER_BYTE, Shown.FOUR_DIGITS),
                Column.ranked("delta_nats", "Change, nats/token", "95 % interval"),
                Column.figure(
                    "delta_bits_per_byte",
                    "Change, bits/byte",
                    Unit.BITS_PER_BYTE,
                    Shown.FOUR_DIGITS),
                Column.figure(
                    "context_gain", "Gain from context", Unit.NATS_PER_TOKEN, Shown.FOUR_DIGITS),
                Column.count("documents", "Documents", Unit.DOCUMENTS)),
            rows)
        .noting(ExtrapolationSections.notes(rows))
        .drawn(pictures(results, severalRuns), List.of());
  }

  private static Stream<Row> rows(LengthResult result, boolean severalRuns) {
    return result.curve().points().stream()
        .map(
            point -> {
              List<Cell> cells = ExtrapolationSections.contender(result);
              cells.add(Cell.of((long) point.length()));
              cells.add(Cell.of(point.nats().value()));
              cells.add(value(point.bitsPerByte()));
              cells.add(ExtrapolationSections.figure(point.delta()));
              cells.add(value(point.deltaBitsPerByte()));
              cells.add(value(point.gain()));
              cells.add(Cell.of((long) point.nats().documents()));
              if (severalRuns) {
                cells.add(Cell.of((long) result.runNumber()));
              }
              return new Row(cells, List.of(result.source()));
            });
  }

  private static Cell value(Optional<MetricResult> metric) {
    return metric.map(found -> Cell.of(found.value())).orElse(Cell.absent());
  }

  private static List<Curves> pictures(List<LengthResult> results, boolean severalRuns) {
    return List.of(
        picture(
            "extrapolation-change",
            "Loss over that at the trained length",
            results,
            severalRuns,
            LengthSection::change),
        picture(
            "extrapolation-loss",
            "Loss by length",
            results,
            severalRuns,
            curve -> curve.points().stream().map(point -> at(point, point.nats())).toList()));
  }

  /** The trained length has no difference to itself, and no doubt about it. */
  private static List<Curves.Point> change(LengthCurve curve) {
    return curve.points().stream()
        .map(
            point ->
                point
                    .delta()
                    .map(delta -> at(point, delta))
                    .orElseGet(() -> new Curves.Point(point.length(), 0, Optional.empty())))
        .toList();
  }

  private static Curves.Point at(Point point, MetricResult metric) {
    return new Curves.Point(point.length(), metric.value(), ReportedResult.interval(metric));
  }

  private static Curves picture(
      String key,
      String title,
      List<LengthResult> results,
      boolean severalRuns,
      Function<LengthCurve, List<Curves.Point>> points) {
    return new Curves(
        key,
        title,
        Axis.doubling("Tokens read", Unit.TOKENS),
        Axis.of(title, Unit.NATS_PER_TOKEN),
        results.stream()
            .map(
                result ->
                    new Curves.Curve(
                        result.name(severalRuns),
                        points.apply(result.curve()),
                        List.of(result.source())))
            .toList());
  }
}
