package org.ssasuite.core.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.TextSpan;

/** Classes that are planted, and figures worked out by hand. */
class AttributionTallyTest {
  private static final Needle SHALLOW = new Needle(new TextSpan(0, 9), 1);
  private static final Needle DEEP = new Needle(new TextSpan(50, 59), 7);

  /** Two layers of one head. */
  private static SpanMass mass(double first, double second) {
    return new SpanMass(4, layers(first, second), layers(first / 4, second / 4), Optional.empty());
  }

  /** The same in a mode that selects blocks. */
  private static SpanMass mass(double first, double second, double ofFirst, double ofSecond) {
    return new SpanMass(
        4,
        layers(first, second),
        layers(first / 4, second / 4),
        Optional.of(layers(ofFirst, ofSecond)));
  }

  private static List<List<Double>> layers(double... ofLayers) {
    return Arrays.stream(ofLayers).mapToObj(List::of).toList();
  }

  private static AttributionRecord one(boolean found, SpanMass mass) {
    return AttributionRecord.of("1", "a", List.of(SHALLOW), List.of(found), List.of(mass));
  }

  private static Attribution tally(AttributionRecord... records) {
    AttributionTally tally = new AttributionTally();
    Arrays.stream(records).forEach(tally::add);
    return tally.result();
  }

  @Test
  void massBelowAHundredthInEveryHeadIsNeverLooked() {
    assertThat(one(false, mass(0.0099, 0.002)).failure()).contains(FailureClass.NEVER_LOOKED);
    assertThat(one(false, mass(0.0099, 0.002, 0, 0)).failure()).contains(FailureClass.NEVER_LOOKED);
  }

  @Test
  void fullAttentionThatLookedLosesNothing() {
    assertThat(one(false, mass(0.01001, 0)).failure()).contains(FailureClass.LOOKED);
  }

  @Test
  void aHeadThatLookedAndKeptLessThanHalfWasLostByTheSelection() {
    assertThat(one(false, mass(0.4, 0.3, 0.39, 0.149)).failure())
        .contains(FailureClass.SELECTION_LOST);
  }

  @Test
  void halfIsKept() {
    assertThat(one(false, mass(0.5, 0.25, 0.5, 0.125)).failure()).contains(FailureClass.LOOKED);
  }

  @Test
  void whatAHeadThatDidNotLookKeptDoesNotMatter() {
    assertThat(one(false, mass(0.5, 0.0099, 0.5, 0)).failure()).contains(FailureClass.LOOKED);
  }

  @Test
  void aSampleThatIsRightHasNoClass() {
    assertThat(one(true, mass(0.5, 0.5, 0, 0)).failure()).isEmpty();
  }

  @Test
  void ofSeveralMissedNeedlesTheFirstClassCounts() {
    List<Needle> needles = List.of(SHALLOW, DEEP, DEEP);
    List<SpanMass> masses =
        List.of(mass(0.5, 0, 0.5, 0), mass(0.001, 0, 0, 0), mass(0.5, 0, 0.1, 0));

    assertThat(
            AttributionRecord.of("1", "a", needles, List.of(false, false, false), masses).failure())
        .contains(FailureClass.NEVER_LOOKED);
    assertThat(
            AttributionRecord.of("1", "a", needles, List.of(false, true, false), masses).failure())
        .contains(FailureClass.SELECTION_LOST);
    assertThat(
            AttributionRecord.of("1", "a", needles, List.of(false, true, true), masses).failure())
        .contains(FailureClass.LOOKED);
  }

  @Test
  void everyFailedSampleIsInOneClass() {
    Attribution all =
        tally(
            one(false, mass(0.001, 0, 0, 0)),
            one(false, mass(0.5, 0, 0.1, 0)).askedAgain(List.of(true)),
            one(false, mass(0.5, 0, 0.1, 0)).askedAgain(List.of(false)),
            one(false, mass(0.5, 0, 0.5, 0)),
            one(true, mass(0.5, 0, 0.5, 0)));

    assertThat(all.samples()).isEqualTo(5);
    assertThat(all.right()).isEqualTo(1);
    assertThat(all.neverLooked()).isEqualTo(1);
    assertThat(all.selectionLost()).isEqualTo(2);
    assertThat(all.looked()).isEqualTo(1);
    assertThat(all.turnedRight()).isEqualTo(1);
  }

  @Test
  void aSampleTurnsRightIfAllItsNeedlesAreFound() {
    AttributionRecord lost =
        AttributionRecord.of(
            "1",
            "a",
            List.of(SHALLOW, DEEP),
            List.of(false, true),
            List.of(mass(0.5, 0, 0.1, 0), mass(0.5, 0, 0.5, 0)));

    assertThat(lost.askedAgain(List.of(true, false)).turnedRight()).isFalse();
    assertThat(lost.askedAgain(List.of(true, true)).turnedRight()).isTrue();
  }

  @Test
  void onlyWhatTheSelectionLostIsAskedAgain() {
    assertThatThrownBy(() -> one(true, mass(0.5, 0, 0.1, 0)).askedAgain(List.of(true)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHeadsMassIsTheMeanOverNeedles() {
    Attribution all = tally(one(true, mass(0.5, 0.25, 0.25, 0)), one(true, mass(0.25, 0, 0.25, 0)));

    assertThat(all.mass().orElseThrow().all()).containsExactly(0.375, 0.125);
    assertThat(all.meanMass().orElseThrow().all()).containsExactly(0.09375, 0.03125);
    assertThat(all.attended().orElseThrow().all()).containsExactly(0.25, 0.0);
  }

  @Test
  void aDepthHasTheHeadThatLookedMost() {
    AttributionRecord both =
        AttributionRecord.of(
            "1",
            "a",
            List.of(SHALLOW, DEEP),
            List.of(true, false),
            List.of(mass(0.5, 0.25, 0.25, 0), mass(0.125, 0.75, 0.125, 0.5)));

    assertThat(tally(both).depths())
        .containsExactly(
            new Attribution.Depth(1, 1, 0, 0.5, OptionalDouble.of(0.25)),
            new Attribution.Depth(7, 1, 1, 0.75, OptionalDouble.of(0.5)));
  }

  @Test
  void whatHasNoNeedlesCountsNowhere() {
    Attribution none = tally(AttributionRecord.nothing("1", "a"));

    assertThat(none.samples()).isZero();
    assertThat(none.mass()).isEmpty();
  }
}
