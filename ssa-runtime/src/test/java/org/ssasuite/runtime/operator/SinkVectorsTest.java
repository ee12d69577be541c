package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.python.NumpyRandom;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * Sinks and entropies of causal softmax over numpy's {@code RandomState(0).standard_normal((4, 64,
 * 64))}, as numpy gives them; with a sink, heads 0 and 1 keep 0.4 and 0.65 of their weights and put
 * the rest on key 0.
 */
class SinkVectorsTest {
  private static final int HEADS = 4;
  private static final int TOKENS = 64;
  private static final double[] KEPT = {0.4, 0.65, 1, 1};

  @Test
  void plainScoresHaveNumpysFigures() {
    HeadStatistics plain = statistics(scores());

    assertThat(new double[] {alpha(plain, 0), alpha(plain, 1), alpha(plain, 2), alpha(plain, 3)})
        .containsExactly(
            new double[] {0.0782277113, 0.0849500131, 0.0594614295, 0.0621137423}, within(1e-6));
    assertThat(mean(plain, h -> plain.entropyBits(0, h)) * Math.log(2))
        .isCloseTo(2.775036156, within(3e-5));
    assertThat(mean(plain, h -> plain.entropyNormalised(0, h).orElseThrow()))
        .isCloseTo(0.862975795, within(1e-5));
    assertThat(mean(plain, h -> plain.first(0, 1, h))).isCloseTo(0.224403664, within(3e-6));
  }

  @Test
  void plantedSinksHaveNumpysFigures() {
    double[] scores = scores();
    for (int head = 0; head < HEADS; head++) {
      for (int t = 1; t < TOKENS; t++) {
        plant(scores, (head * TOKENS + t) * TOKENS, t, KEPT[head]);
      }
    }
    HeadStatistics sinks = statistics(scores);

    assertThat(new double[] {alpha(sinks, 0), alpha(sinks, 1), alpha(sinks, 2), alpha(sinks, 3)})
        .containsExactly(
            new double[] {0.6312910845, 0.4052175085, 0.0594614295, 0.0621137423}, within(5e-6));
    assertThat(mean(sinks, h -> alpha(sinks, h) > 0.3 ? 1 : 0)).isEqualTo(0.5);
    assertThat(mean(sinks, h -> sinks.entropyBits(0, h)) * Math.log(2))
        .isCloseTo(2.393268086, within(3e-5));
    assertThat(mean(sinks, h -> sinks.entropyNormalised(0, h).orElseThrow()))
        .isCloseTo(0.747379778, within(1e-5));
    assertThat(mean(sinks, h -> sinks.first(0, 1, h))).isCloseTo(0.408737224, within(5e-6));
  }

  /** Moves key 0's score so that its weight a becomes kept · a + 1 − kept. */
  private static void plant(double[] scores, int row, int t, double kept) {
    double others = 0;
    for (int j = 1; j <= t; j++) {
      others += Math.exp(scores[row + j]);
    }
    double weight = Math.exp(scores[row]) / (Math.exp(scores[row]) + others);
    double planted = kept * weight + 1 - kept;
    scores[row] = kept == 1 ? scores[row] : Math.log(planted / (1 - planted) * others);
  }

  private static double alpha(HeadStatistics statistics, int head) {
    return statistics.keyMass(0, 0, head);
  }

  private interface OfHead {
    double value(int head);
  }

  private static double mean(HeadStatistics statistics, OfHead of) {
    double sum = 0;
    for (int head = 0; head < statistics.heads(); head++) {
      sum += of.value(head);
    }
    return sum / statistics.heads();
  }

  /** Keys of unit vectors make a query's values its scores. */
  private static HeadStatistics statistics(double[] scores) {
    float[] q = new float[TOKENS * HEADS * TOKENS];
    float[] k = new float[TOKENS * TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      k[t * TOKENS + t] = (float) Math.sqrt(TOKENS);
      for (int head = 0; head < HEADS; head++) {
        for (int j = 0; j < TOKENS; j++) {
          q[(t * HEADS + head) * TOKENS + j] = (float) scores[(head * TOKENS + t) * TOKENS + j];
        }
      }
    }
    AttentionInputs attention =
        new AttentionInputs(
            TOKENS,
            HEADS,
            1,
            TOKENS,
            q,
            k,
            k,
            Optional.empty(),
            Optional.empty(),
            new int[] {0, TOKENS},
            new Full());
    QueryRange all = new QueryRange(0, TOKENS);
    AttentionStatisticsInputs inputs =
        new AttentionStatisticsInputs(
            attention, StatisticsRequest.sinks(), List.of(all), Optional.empty());
    try (OperatorSession session = OperatorSession.open(RuntimeOptions.cpu(2))) {
      return new HeadStatistics(
          all,
          inputs.columns(),
          false,
          session.attentionStatistics(inputs).totals(),
          new HeadStatistics.ResidualMagnitude(0, 0));
    }
  }

  /** numpy's standard normals by the polar method: two per accepted point, the second one first. */
  private static double[] scores() {
    NumpyRandom random = new NumpyRandom(0);
    double[] scores = new double[HEADS * TOKENS * TOKENS];
    for (int i = 0; i < scores.length; ) {
      double x = 2 * unit(random) - 1;
      double y = 2 * unit(random) - 1;
      double square = x * x + y * y;
      if (square < 1 && square != 0) {
        double factor = Math.sqrt(-2 * Math.log(square) / square);
        scores[i++] = factor * y;
        scores[i++] = factor * x;
      }
    }
    return scores;
  }

  /** 53 bits of two words. */
  private static double unit(NumpyRandom random) {
    long high = random.randint(0, 1L << 32) >>> 5;
    long low = random.randint(0, 1L << 32) >>> 6;
    return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
  }
}
