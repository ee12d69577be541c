package org.ssasuite.core.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.RankCorrelation;
import org.ssasuite.core.statistics.RatioEstimate;
import org.ssasuite.core.statistics.Ratios;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.SlowTest;

/**
 * How often scores' intervals hold the truth and safe lengths go too far: the tables of {@code
 * docs/extrapolation.md}. Documents whose change of the loss at 16k is 0 nats on average and at 32k
 * the margin, 0.02, so that 16k is safe and 32k is just not; each has an effect of its own at both
 * lengths and one more at each, 0.02 nats in standard deviation each.
 */
class SafeLengthCoverageTest {
  private static final double MARGIN = 0.02;
  private static final double SPREAD = 0.02;
  private static final double LEVEL = 0.95;
  private static final int TRAINED = 8_192;

  /** Where a document's effects come from: mean 0, standard deviation 1. */
  private record Population(String name, ToDoubleFunction<Random> effect) {}

  private static final List<Population> POPULATIONS =
      List.of(
          new Population("normal", Random::nextGaussian),
          new Population("heavy tails (Student, 4 d.f.)", SafeLengthCoverageTest::student),
          new Population("skewed to the right (log-normal, 0.7)", r -> logNormal(r)),
          new Population("skewed to the left", r -> -logNormal(r)));

  /** Of variance 2. */
  private static double student(Random random) {
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      double z = random.nextGaussian();
      squares += z * z;
    }
    return random.nextGaussian() / Math.sqrt(squares / 4) / Math.sqrt(2);
  }

  private static double logNormal(Random random) {
    double variance = 0.7 * 0.7;
    double deviation = Math.sqrt(Math.expm1(variance) * Math.exp(variance));
    return (Math.exp(0.7 * random.nextGaussian()) - Math.exp(variance / 2)) / deviation;
  }

  /** Counts over trials. Mutable. */
  private static final class Study {
    private final Population population;
    private final int documents;
    private final int trials;
    private int held;
    private int tooFar;
    private int found;

    Study(Population population, int documents, int trials) {
      this.population = population;
      this.documents = documents;
      this.trials = trials;
      Random random = new Random(documents);
      for (int trial = 0; trial < trials; trial++) {
        run(random, trial);
      }
    }

    private void run(Random random, long seed) {
      double[] at16k = new double[documents];
      double[] at32k = new double[documents];
      double[] score = new double[documents];
      for (int d = 0; d < documents; d++) {
        double own = effect(random);
        at16k[d] = own + effect(random);
        at32k[d] = MARGIN + own + effect(random);
        score[d] = (at16k[d] + at32k[d]) / 2;
      }
      MetricResult mean = metric(score, seed);
      held += mean.interval().contains(MARGIN / 2) ? 1 : 0;
      LengthCurve curve =
          new LengthCurve(
              TRAINED,
              mean,
              List.of(
                  point(TRAINED, Optional.empty()),
                  point(2 * TRAINED, Optional.of(metric(at16k, seed))),
                  point(4 * TRAINED, Optional.of(metric(at32k, seed)))));
      int within = SafeLength.of(curve, MARGIN).within();
      tooFar += within > 2 * TRAINED ? 1 : 0;
      found += within == 2 * TRAINED ? 1 : 0;
    }

    private double effect(Random random) {
      return SPREAD * population.effect().applyAsDouble(random);
    }

    double percent(int count) {
      return 100.0 * count / trials;
    }

    void print() {
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.1f %% | %.2f %% | %.1f %% |%n",
          population.name(),
          documents,
          percent(held),
          percent(tooFar),
          percent(found));
    }
  }

  private static MetricResult metric(double[] values, long seed) {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    List<String> documents = IntStream.range(0, values.length).mapToObj(String::valueOf).toList();
    RatioEstimate estimate = Ratios.estimate(values, ones, documents, LEVEL, seed);
    return new MetricResult(
        "delta_nats",
        Optional.empty(),
        estimate.ratio(),
        estimate.interval(),
        values.length,
        values.length,
        Better.LOWER,
        Optional.of(Transform.IDENTITY));
  }

  private static LengthCurve.Point point(int length, Optional<MetricResult> delta) {
    return new LengthCurve.Point(
        length,
        metric(new double[] {3}, 0),
        Optional.empty(),
        delta,
        Optional.empty(),
        Optional.empty());
  }

  /** Two standard errors of 400 trials are 2.2 points at 95 %, and 1.6 at 2.5 %. */
  @Test
  void intervalsAndSafeLengthsOfEightDocumentsKeepTheirWord() {
    Study study = new Study(POPULATIONS.get(0), 8, 400);

    assertThat(study.percent(study.held)).isBetween(91.0, 98.0);
    assertThat(study.percent(study.tooFar)).isLessThan(5);
  }

  @SlowTest
  void intervalsAndSafeLengthsKeepTheirWord() {
    for (Population population : POPULATIONS) {
      for (int documents : new int[] {5, 8, 20, 60}) {
        Study study = new Study(population, documents, 2_000);
        study.print();
        if (documents == 60) {
          assertThat(study.percent(study.held)).isBetween(91.0, 98.0);
          assertThat(study.percent(study.tooFar)).isLessThan(6);
        }
      }
    }
  }

  /** Pairs of normal values; Spearman's ρ of them is 6/π · asin(r/2). */
  private static double rankCoverage(double r, int pairs, int trials) {
    Random random = new Random(pairs);
    double truth = 6 / Math.PI * Math.asin(r / 2);
    int held = 0;
    for (int trial = 0; trial < trials; trial++) {
      double[] x = new double[pairs];
      double[] y = new double[pairs];
      for (int i = 0; i < pairs; i++) {
        x[i] = random.nextGaussian();
        y[i] = r * x[i] + Math.sqrt(1 - r * r) * random.nextGaussian();
      }
      RankCorrelation found = RankCorrelation.of(x, y, LEVEL, trial).orElseThrow();
      held += found.interval().contains(truth) ? 1 : 0;
    }
    return 100.0 * held / trials;
  }

  @Test
  void rankCorrelationsOfEightDocumentsKeepTheirWord() {
    assertThat(rankCoverage(0.5, 8, 400)).isBetween(91.0, 99.5);
  }

  @SlowTest
  void rankCorrelationsKeepTheirWord() {
    for (double r : new double[] {0, 0.5, 0.9}) {
      for (int pairs : new int[] {5, 8, 19, 20, 60}) {
        double held = rankCoverage(r, pairs, 2_000);
        System.out.printf(Locale.ROOT, "| %.1f | %d | %.1f %% |%n", r, pairs, held);
        assertThat(held).isBetween(88.0, 100.0);
      }
    }
  }
}
