package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.ssasuite.core.statistics.PairedDocuments.Bounds;
import org.ssasuite.core.statistics.PairedDocuments.Pair;
import org.ssasuite.core.testing.SlowTest;

/**
 * How often intervals and bounds of a mean divergence hold the truth: the table of {@code
 * docs/conformance.md}. A document's mean KL is log-normal, as that of real documents is skewed;
 * documents are of one length, as a suite cuts them.
 */
class DivergenceCoverageStudyTest {
  private static final int TRIALS = 1_000;
  private static final double LEVEL = 0.95;
  private static final double ALPHA = 0.01;

  @SlowTest
  void boundsAreSeldomCrossed() {
    for (double sigma : new double[] {0.3, 0.7, 1.2}) {
      for (int documents : new int[] {5, 20, 60}) {
        study(sigma, documents);
      }
    }
  }

  private static void study(double sigma, int documents) {
    Random random = new Random(documents);
    double truth = 0.02 * Math.exp(sigma * sigma / 2);
    int held = 0;
    int wrongNo = 0;
    int wrongYes = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Pair> pairs = new ArrayList<>();
      for (int d = 0; d < documents; d++) {
        double kl = 0.02 * Math.exp(sigma * random.nextGaussian());
        pairs.add(new Pair("d" + d, 0, 2_047, kl, 2_047));
      }
      PairedDocuments paired = PairedDocuments.of(pairs);
      held += paired.interval(LEVEL, trial).contains(truth) ? 1 : 0;
      Bounds bounds = paired.bounds(ALPHA, trial);
      wrongNo += bounds.lower() > truth ? 1 : 0;
      wrongYes += bounds.upper() < truth ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "| %.1f | %d | %.1f %% | %.1f %% | %.1f %% |%n",
        sigma,
        documents,
        100.0 * held / TRIALS,
        100.0 * wrongNo / TRIALS,
        100.0 * wrongYes / TRIALS);
    if (documents >= 20 && sigma < 1) {
      assertThat(100.0 * wrongNo / TRIALS).isLessThan(3);
      assertThat(100.0 * wrongYes / TRIALS).isLessThan(4);
    }
  }
}
