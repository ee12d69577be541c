package org.ssasuite.leaderboards.report.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Scored;

class SampleFactsTest {
  private static final List<List<Double>> MASS =
      List.of(List.of(0.5, 0.25), List.of(0.125, 0.0625));

  private static List<SampleFacts.Fact> facts(Optional<List<List<Double>>> attended) {
    Scored wrong = new Scored(List.of(Measure.of("recall", 0, 1)), Optional.empty());
    SampleRecord record =
        new SampleRecord("7", "7", List.of("0".repeat(64)), wrong, OptionalDouble.empty(), 100, 0);
    AttributionRecord seen =
        AttributionRecord.of(
            "7",
            "7",
            List.of(new Needle(new TextSpan(3, 9), 4)),
            List.of(false),
            List.of(new SpanMass(2, MASS, MASS, attended)));
    return SampleFacts.of(record, Optional.of(seen));
  }

  @Test
  void headsThatChoseANeedleAreCountedByLayer() {
    assertThat(facts(Optional.of(List.of(List.of(0.5, 0.0), List.of(0.0, 0.0)))))
        .contains(
            new SampleFacts.Fact(
                "Blocks of needle 1",
                "chosen, each head at its step of the largest mass: layer 0: 1 of 2 heads, layer 1:"
                    + " 0 of 2 heads"))
        .contains(
            new SampleFacts.Fact(
                "Needle 1",
                "depth 40 to 50 %; missed; most attention on it: 50.0 % by head 0 of layer 0, of"
                    + " which the chosen blocks hold 100.0 %"));
  }

  @Test
  void fullAttentionChoosesNothing() {
    assertThat(facts(Optional.empty()))
        .extracting(SampleFacts.Fact::name)
        .containsExactly("Needle 1");
  }
}
