package org.ssasuite.core.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpResult;

class LengthCurveTest {
  private static final MadeUpResult SCORED =
      MadeUpResult.of(new TaskId("extrapolation", "extrapolation", 1))
          .with("extrapolation_score", 0.5);

  private static MadeUpResult at(MadeUpResult result, String length, boolean delta) {
    Facet facet = new Facet("length", length);
    MadeUpResult loss = result.with("token_nats", facet, 3);
    return delta ? loss.with("delta_nats", facet, 0.1) : loss;
  }

  @Test
  void pointsAreInOrderOfLength() {
    LengthCurve curve =
        LengthCurve.of(at(at(at(SCORED, "16384", true), "1024", true), "8192", false).result())
            .orElseThrow();

    assertThat(curve.points())
        .extracting(LengthCurve.Point::length)
        .containsExactly(1024, 8192, 16384);
    assertThat(curve.trained()).isEqualTo(8192);
    assertThat(curve.beyond()).extracting(LengthCurve.Point::length).containsExactly(16384);
  }

  @Test
  void resultWithoutAScoreHasNone() {
    assertThat(LengthCurve.of(MadeUpResult.of(new TaskId("pg19", "pg19", 1)).result())).isEmpty();
  }

  @Test
  void resultOfWhichNoLengthIsTheReferenceHasNone() {
    assertThat(LengthCurve.of(at(SCORED, "1024", true).result())).isEmpty();
    assertThat(LengthCurve.of(at(at(SCORED, "1024", false), "2048", false).result())).isEmpty();
  }

  @Test
  void facetsThatAreNoLengthsArePassedOver() {
    assertThat(LengthCurve.of(at(at(SCORED, "8192", false), "much", true).result()).orElseThrow())
        .satisfies(curve -> assertThat(curve.points()).hasSize(1));
  }
}
