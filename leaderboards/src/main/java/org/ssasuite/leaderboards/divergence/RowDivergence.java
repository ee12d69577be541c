package org.ssasuite.leaderboards.divergence;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How far two predictions of one token are apart, from all logits of side A and what is known of
 * side B. Sums are fp64.
 *
 * @param kl KL(A ‖ B), or what it is at least
 * @param klReverse KL(B ‖ A), or what it is at least
 * @param sameTop whether both find the same id most probable, the lowest of several
 * @param topTen A's mass on the ten best ids of B; absent where fewer are known
 * @param logprobA log-probability of the token in A
 * @param logprobB the same in B; absent where it is not known
 */
record RowDivergence(
    double kl,
    double klReverse,
    boolean sameTop,
    OptionalDouble topTen,
    double logprobA,
    OptionalDouble logprobB) {
  private static final int BEST = 10;

  /** Below this the mass that a list leaves to others is rounding. */
  private static final double LEAST_REST = 1e-6;

  RowDivergence {
    Objects.requireNonNull(topTen);
    Objects.requireNonNull(logprobB);
  }

  /** A softmax over logits. */
  @SuppressWarnings("ArrayRecordComponent") // made and read here, compared by nobody
  private record Softmax(float[] logits, double largest, int argmax, double logSum) {
    static Softmax of(float[] logits) {
      int argmax = 0;
      for (int id = 1; id < logits.length; id++) {
        if (logits[id] > logits[argmax]) {
          argmax = id;
        }
      }
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp((double) logit - logits[argmax]);
      }
      return new Softmax(logits, logits[argmax], argmax, Math.log(sum));
    }

    double logprob(int id) {
      return logits[id] - largest - logSum;
    }

    /** Of all ids but these; summed, as 1 less their mass would be rounding where it is small. */
    double massBut(List<ListedId> these) {
      BitSet left = new BitSet(logits.length);
      left.set(0, logits.length);
      these.forEach(one -> left.clear(one.id()));
      return left.stream().mapToDouble(id -> Math.exp(logprob(id))).sum();
    }
  }

  /**
   * From all logits of both: with z the logits, m the largest and S the sum of e^(z − m), KL is the
   * mean under A of z_A − z_B, less m_A − m_B + ln S_A − ln S_B, so that equal logits give exactly
   * 0.
   *
   * @param target the token
   */
  static RowDivergence ofLogits(float[] a, float[] b, int target) {
    Softmax softA = Softmax.of(a);
    Softmax softB = Softmax.of(b);
    double apart = softA.largest() - softB.largest() + (softA.logSum() - softB.logSum());
    return new RowDivergence(
        meanDifference(softA, b) - apart,
        meanDifference(softB, a) + apart,
        softA.argmax() == softB.argmax(),
        OptionalDouble.of(massOnBest(softA, b)),
        softA.logprob(target),
        OptionalDouble.of(softB.logprob(target)));
  }

  private static double meanDifference(Softmax of, float[] other) {
    double sum = 0;
    for (int id = 0; id < other.length; id++) {
      double share = Math.exp(of.logits()[id] - of.largest());
      if (share > 0) {
        sum += share * ((double) of.logits()[id] - other[id]);
      }
    }
    return sum / Math.exp(of.logSum());
  }

  private static double massOnBest(Softmax a, float[] b) {
    int[] best = new int[Math.min(BEST, b.length)];
    int size = 0;
    for (int id = 0; id < b.length; id++) {
      if (size == best.length && !(b[id] > b[best[size - 1]])) {
        continue;
      }
      int at = size < best.length ? size++ : size - 1;
      for (; at > 0 && b[id] > b[best[at - 1]]; at--) {
        best[at] = best[at - 1];
      }
      best[at] = id;
    }
    double mass = 0;
    for (int i = 0; i < size; i++) {
      mass += Math.exp(a.logprob(best[i]));
    }
    return mass;
  }

  /**
   * From all logits of A and a list of B's best ids: the listed ids are a class each, all others
   * one more, and KL over such classes is never above KL over the ids. Where the list leaves less
   * to the others than its rounding, its least probable ids are counted among them.
   *
   * @param b best first, equal ones by id; at least one
   */
  static RowDivergence ofList(float[] a, List<ListedId> b, int target) {
    Softmax softA = Softmax.of(a);
    double restB = 1 - b.stream().mapToDouble(one -> Math.exp(one.logprob())).sum();
    List<ListedId> classes = new ArrayList<>(b);
    while (restB < LEAST_REST && !classes.isEmpty()) {
      restB += Math.exp(classes.remove(classes.size() - 1).logprob());
    }
    double kl = 0;
    double reverse = 0;
    if (!classes.isEmpty()) {
      for (ListedId one : classes) {
        double logA = softA.logprob(one.id());
        kl += Math.exp(logA) * (logA - one.logprob());
        reverse += Math.exp(one.logprob()) * (one.logprob() - logA);
      }
      double restA = softA.massBut(classes);
      kl += restA > 0 ? restA * Math.log(restA / restB) : 0;
      reverse += restB * Math.log(restB / restA);
    }
    return new RowDivergence(
        kl,
        reverse,
        softA.argmax() == b.get(0).id(),
        b.size() < BEST
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                b.subList(0, BEST).stream()
                    .mapToDouble(one -> Math.exp(softA.logprob(one.id())))
                    .sum()),
        softA.logprob(target),
        b.stream().filter(one -> one.id() == target).mapToDouble(ListedId::logprob).findFirst());
  }

  /** An id of a list, and its log-probability. */
  record ListedId(int id, double logprob) {
    /** Best first, equal ones by id. */
    static final Comparator<ListedId> BEST_FIRST =
        Comparator.comparingDouble(ListedId::logprob).reversed().thenComparingInt(ListedId::id);
  }
}
