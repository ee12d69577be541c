package org.ssasuite.core.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.task.Measure;

/** Losses made by hand: 512 tokens of 2,000 bytes, 4, 3.5, 3, 3.25 and 5 nats a token. */
class LengthMeasuresTest {
  private static final LengthScale SCALE =
      new LengthScale(List.of(1024, 2048, 4096, 8192, 16384), 4096);
  private static final List<Measure> MEASURES =
      LengthMeasures.of(SCALE, new double[] {2048, 1792, 1536, 1664, 2560}, 512, 2000).measures();

  private static Measure measure(String metric, Optional<Integer> length) {
    return MEASURES.stream()
        .filter(m -> m.metric().equals(metric))
        .filter(m -> m.facet().equals(length.map(LengthMeasures::at)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void scoreIsTheMeanOfWhatIsLostBeyondTheTrainedLength() {
    assertThat(measure("extrapolation_score", Optional.empty()).value())
        .isCloseTo((0.25 + 2) / 2, within(1e-15));
  }

  @Test
  void scorePerByteIsTheSameOverTheBytes() {
    Measure score = measure("extrapolation_score_per_byte", Optional.empty());

    assertThat(score.value()).isCloseTo((128 + 1024) / 2.0 / 2000, within(1e-15));
    assertThat(score.weight()).isEqualTo(2000);
  }

  @Test
  void changeIsOverTheTrainedLengthOnBothSidesOfIt() {
    assertThat(measure("delta_nats", Optional.of(1024)).value()).isEqualTo(1);
    assertThat(measure("delta_nats", Optional.of(16384)).value()).isEqualTo(2);
    assertThat(measure("delta_bits_per_byte", Optional.of(16384)).value()).isEqualTo(0.512);
  }

  @Test
  void trainedLengthHasALossAndNoChange() {
    assertThat(MEASURES)
        .filteredOn(m -> m.facet().equals(Optional.of(LengthMeasures.at(4096))))
        .extracting(Measure::metric)
        .containsExactly("context_gain", "token_nats", "bits_per_byte");
  }

  @Test
  void gainIsWhatIsLostLessThanBehindAShortContext() {
    assertThat(measure("context_gain", Optional.of(4096)).value()).isEqualTo(1);
    assertThat(measure("context_gain", Optional.of(16384)).value()).isEqualTo(-1);
  }

  @Test
  void everyMeasureIsOfAMetricThatTheAggregateHas() {
    assertThat(LengthMeasures.AGGREGATE.metrics())
        .extracting(rule -> rule.metric())
        .containsAll(MEASURES.stream().map(Measure::metric).toList());
  }
}
