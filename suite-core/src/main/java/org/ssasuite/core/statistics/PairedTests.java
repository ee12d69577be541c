package org.ssasuite.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Tests of the hypothesis that two measurements of the same samples do not differ; two-sided. */
public final class PairedTests {
  private PairedTests() {}

  /**
   * Student's t on the linearised differences of the documents, n − 1 degrees of freedom; with
   * equal weights the paired t-test. Where all documents agree it is 0 or, without a difference, 1.
   *
   * @throws IllegalArgumentException for a single document
   */
  public static double studentT(PairedDocuments paired) {
    double error =
        paired
            .standardError()
            .orElseThrow(() -> new IllegalArgumentException("a single document has no test"));
    if (paired.difference() == 0) {
      return 1;
    }
    double t = Math.abs(paired.difference()) / error;
    return Math.min(1, 2 * TDistribution.of(paired.documents() - 1.0).survivalProbability(t));
  }

  /**
   * McNemar's exact test: of the samples on which A and B disagree, each is as likely to be right
   * alone.
   *
   * @param onlyA samples that A alone has right
   * @param onlyB samples that B alone has right
   */
  public static double mcNemar(int onlyA, int onlyB) {
    if (onlyA < 0 || onlyB < 0) {
      throw new IllegalArgumentException(onlyA + " and " + onlyB + " discordant samples");
    }
    int both = Math.addExact(onlyA, onlyB);
    if (both == 0) {
      return 1;
    }
    double tail = BinomialDistribution.of(both, 0.5).cumulativeProbability(Math.min(onlyA, onlyB));
    return Math.min(1, 2 * tail);
  }

  /**
   * Holm's step-down adjustment: rejecting what is at most alpha keeps the chance of any false
   * rejection at alpha. The i-th smallest of m is multiplied by m − i + 1, and none is below a
   * smaller one.
   *
   * @return in the order of the arguments
   */
  public static List<Double> holm(List<Double> probabilities) {
    int m = probabilities.size();
    int[] order =
        IntStream.range(0, m)
            .boxed()
            .sorted(Comparator.comparing(probabilities::get))
            .mapToInt(Integer::intValue)
            .toArray();
    Double[] adjusted = new Double[m];
    double highest = 0;
    for (int rank = 0; rank < m; rank++) {
      double p = probabilities.get(order[rank]);
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException(p + " is no probability");
      }
      highest = Math.max(highest, Math.min(1, (m - rank) * p));
      adjusted[order[rank]] = highest;
    }
    return Arrays.asList(adjusted);
  }
}
