package org.ssasuite.leaderboards.report.attention;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.AttentionResult;

/**
 * Statistics by the position of their queries: a picture each, a curve for each result that has two
 * buckets or more, a point where a bucket ends.
 */
final class PositionCurves {
  private static final Pattern DRAWN =
      Pattern.compile(
          "(?:[a-z]+_)?(?:first_1|first_64|last_128|entropy_bits|entropy_normalised|effective_keys"
              + "|(?:captured|captured_best|output_error|error_bound)_[0-9]+x[0-9]+)");

  /** Shares of an attention's mass, or of its largest entropy. */
  private static final Pattern SHARE =
      Pattern.compile(".*(?:first_[0-9]+|last_[0-9]+|entropy_normalised|captured_.*)");

  private PositionCurves() {}

  static List<Curves> of(List<WatchedResult> results, boolean severalRuns) {
    Set<String> statistics = new LinkedHashSet<>();
    for (WatchedResult result : results) {
      for (AttentionResult.Row row : result.attention().rows()) {
        if (row.positions().isPresent() && DRAWN.matcher(row.statistic()).matches()) {
          statistics.add(row.statistic());
        }
      }
    }
    List<Curves> pictures = new ArrayList<>();
    for (String statistic : statistics) {
      List<Curves.Curve> curves =
          results.stream()
              .map(result -> curve(result, statistic, severalRuns))
              .filter(curve -> curve.points().size() > 1)
              .toList();
      if (!curves.isEmpty()) {
        pictures.add(picture(statistic, curves));
      }
    }
    return pictures;
  }

  private static Curves picture(String statistic, List<Curves.Curve> curves) {
    Optional<Axis.Limits> limits =
        SHARE.matcher(statistic).matches() ? Optional.of(new Axis.Limits(0, 1)) : Optional.empty();
    return new Curves(
        "attention-by-position-" + key(statistic),
        statistic + " by position",
        Axis.doubling("Position of the query, up to", Unit.TOKENS),
        new Axis(statistic, Unit.NONE, limits, false),
        curves);
  }

  private static Curves.Curve curve(WatchedResult result, String statistic, boolean severalRuns) {
    List<Curves.Point> points =
        result.attention().rows().stream()
            .filter(row -> row.statistic().equals(statistic) && row.positions().isPresent())
            .map(
                row ->
                    new Curves.Point(
                        end(row.positions().get()),
                        row.value(),
                        WatchedResult.shown(row.interval())))
            .sorted(Comparator.comparingDouble(Curves.Point::x))
            .toList();
    return new Curves.Curve(result.name(severalRuns), points, List.of(result.source()));
  }

  /** Where a bucket {@code from:to} ends. */
  private static double end(String positions) {
    return Integer.parseInt(positions.substring(positions.indexOf(':') + 1));
  }

  /** A statistic's name as it stands in keys. */
  static String key(String statistic) {
    return statistic.replace('_', '-');
  }
}
