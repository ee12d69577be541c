package org.ssasuite.core.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Transform;

/** Trained on 8k, tested to 64k; changes and gains with the ends of their intervals. */
class SafeLengthTest {
  private static MetricResult metric(double low, double high) {
    return new MetricResult(
        "m",
        Optional.empty(),
        (low + high) / 2,
        new Interval(low, high, 0.95, Interval.Method.BOOTSTRAP),
        20,
        20,
        Better.LOWER,
        Optional.of(Transform.IDENTITY));
  }

  private static LengthCurve.Point point(
      int length, Optional<MetricResult> delta, Optional<MetricResult> gain) {
    return new LengthCurve.Point(
        length, metric(3, 4), Optional.empty(), delta, Optional.empty(), gain);
  }

  /** Upper ends at 16k, 32k and 64k, each interval 0.02 wide. */
  private static LengthCurve curve(double gainLow, double... high) {
    List<LengthCurve.Point> points = new ArrayList<>();
    Optional<MetricResult> gain = Optional.of(metric(gainLow, gainLow + 0.1));
    // Less context loses much; that says nothing about what more of it does.
    points.add(point(1024, Optional.of(metric(0.4, 0.6)), Optional.empty()));
    points.add(point(8192, Optional.empty(), gain));
    int length = 16_384;
    for (double end : high) {
      points.add(point(length, Optional.of(metric(end - 0.02, end)), gain));
      length *= 2;
    }
    return new LengthCurve(8192, metric(0, 1), points);
  }

  @Test
  void safeUpToTheLastLengthWhoseUpperBoundIsWithinTheMargin() {
    SafeLength safe = SafeLength.of(curve(0.1, 0.01, 0.02, 0.5), 0.02);

    assertThat(safe.within()).isEqualTo(32_768);
    assertThat(safe.stop()).contains(new SafeLength.Stop(65_536, true));
    assertThat(safe.credited()).isTrue();
  }

  @Test
  void aLengthBehindOneThatFailsDoesNotCount() {
    assertThat(SafeLength.of(curve(0.1, 0.01, 0.5, 0.01), 0.02).within()).isEqualTo(16_384);
  }

  @Test
  void trainedLengthIsLeftWhereTheFirstFails() {
    assertThat(SafeLength.of(curve(0.1, 0.5, 0.01), 0.02).within()).isEqualTo(8_192);
  }

  @Test
  void intervalThatHoldsTheMarginCannotTell() {
    assertThat(SafeLength.of(curve(0.1, 0.03), 0.02).stop())
        .contains(new SafeLength.Stop(16_384, false));
  }

  @Test
  void widerMarginReachesFurther() {
    assertThat(SafeLength.of(curve(0.1, 0.01, 0.05), 0.05).within()).isEqualTo(32_768);
    assertThat(SafeLength.of(curve(0.1, 0.01, 0.05), 0.05).stop()).isEmpty();
  }

  @Test
  void noGainNoCredit() {
    SafeLength safe = SafeLength.of(curve(0, 0.01, 0.01), 0.02);

    assertThat(safe.within()).isEqualTo(32_768);
    assertThat(safe.credited()).isFalse();
  }

  @Test
  void marginIsTheOrdersWhereItIsOne() {
    assertThat(SafeLength.margin(order("0.05"))).isEqualTo(0.05);
    assertThat(SafeLength.margin(order("wide"))).isEqualTo(0.02);
    assertThat(SafeLength.margin(order("-1"))).isEqualTo(0.02);
    assertThat(SafeLength.margin(Optional.empty())).isEqualTo(0.02);
  }

  private static Optional<TaskOrder> order(String margin) {
    return Optional.of(
        TaskOrder.of("extrapolation").withOwn(Map.of("safe_margin", List.of(margin))));
  }
}
