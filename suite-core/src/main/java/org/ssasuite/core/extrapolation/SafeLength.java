package org.ssasuite.core.extrapolation;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.run.MetricResult;

/**
 * How far beyond its training a model loses next to nothing: the largest tested length such that at
 * every tested length beyond the trained one and up to it the upper end of the interval of the loss
 * over that at the trained length is within a margin. The trained length itself where the first one
 * is not.
 *
 * <p>A model that makes nothing of its context loses nothing by more of it. So a length only counts
 * where the loss is shown to be below that at a short context: no gain, no credit.
 *
 * @param within the length, whether it counts or not
 * @param stop where the rule stops; absent if it does not
 * @param gain over a short context at that length; absent where that is not longer
 */
public record SafeLength(int within, Optional<Stop> stop, Optional<MetricResult> gain) {
  /** Of an order: the margin, nats per token. */
  public static final String MARGIN = "safe_margin";

  /** Where nobody says otherwise. */
  public static final double STANDARD_MARGIN = 0.02;

  public SafeLength {
    Objects.requireNonNull(stop);
    Objects.requireNonNull(gain);
  }

  /**
   * The first length that is not within the margin.
   *
   * @param worse whether the whole interval is above it; else too few documents tell
   */
  public record Stop(int length, boolean worse) {}

  /**
   * By the rule.
   *
   * @param margin nats per token
   */
  public static SafeLength of(LengthCurve curve, double margin) {
    int within = curve.trained();
    Optional<Stop> stop = Optional.empty();
    for (LengthCurve.Point point : curve.beyond()) {
      MetricResult delta = point.delta().orElseThrow();
      if (!(delta.interval().high() <= margin)) {
        stop = Optional.of(new Stop(point.length(), delta.interval().low() > margin));
        break;
      }
      within = point.length();
    }
    int reached = within;
    Optional<MetricResult> gain =
        curve.points().stream()
            .filter(point -> point.length() == reached)
            .findFirst()
            .flatMap(LengthCurve.Point::gain);
    return new SafeLength(within, stop, gain);
  }

  /** The margin that an order states; the standard one where it states none that is a number. */
  public static double margin(Optional<TaskOrder> order) {
    return order
        .flatMap(one -> one.own().getOrDefault(MARGIN, List.of()).stream().findFirst())
        .flatMap(SafeLength::parsed)
        .orElse(STANDARD_MARGIN);
  }

  /** A margin; absent for a text that is none. */
  public static Optional<Double> parsed(String text) {
    try {
      return Optional.of(Double.parseDouble(text)).filter(x -> x >= 0 && Double.isFinite(x));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether the loss at that length is shown to be below that at a short context. */
  public boolean credited() {
    return gain.filter(shown -> shown.interval().low() > 0).isPresent();
  }
}
