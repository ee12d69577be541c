package org.ssasuite.core.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;

/**
 * How far predictions B are from predictions A, means over positions of all documents. With p the
 * distributions over the vocabulary, in nats:
 *
 * <pre>
 * kl               KL(p_A || p_B) = Σ p_A (log p_A - log p_B)
 * kl_reverse       KL(p_B || p_A)
 * same_top         share of positions where both find the same id most probable
 * top10            share of p_A's mass on the ten most probable ids of B
 * loss_difference  log p_A - log p_B of the token that follows: B's loss less A's
 * </pre>
 *
 * <p>The first three and the last also by position, as {@link PositionFacets} cuts it: a document
 * has a part in a range only if it fills it.
 */
public final class DivergenceMetrics {
  public static final String KL = "kl";
  public static final String KL_REVERSE = "kl_reverse";
  public static final String SAME_TOP = "same_top";
  public static final String TOP_TEN = "top10";
  public static final String LOSS_DIFFERENCE = "loss_difference";

  /** KL first. */
  public static final Aggregate AGGREGATE =
      new Aggregate(
          List.of(
              new MetricRule(KL, Transform.IDENTITY, Better.LOWER),
              new MetricRule(KL_REVERSE, Transform.IDENTITY, Better.LOWER),
              new MetricRule(SAME_TOP, Transform.IDENTITY, Better.HIGHER),
              new MetricRule(TOP_TEN, Transform.IDENTITY, Better.HIGHER),
              new MetricRule(LOSS_DIFFERENCE, Transform.IDENTITY, Better.LOWER)));

  private DivergenceMetrics() {}

  /**
   * The measures of one document, and KL at each position as {@link PackedFigures} writes it.
   * Unscored where a figure is no number.
   *
   * @param tokens one prediction or more
   */
  public static Score score(ComparedTokens tokens) {
    for (int row = 0; row < tokens.size(); row++) {
      if (!tokens.isFinite(row)) {
        return new Unscored(
            "the divergence at position "
                + row
                + " is "
                + tokens.kl(row)
                + ", the log-probabilities are "
                + tokens.logProbabilityA(row)
                + " and "
                + tokens.logProbabilityB(row));
      }
    }
    List<Measure> measures = new ArrayList<>();
    add(tokens, 0, tokens.size(), Optional.empty(), measures);
    int from = 0;
    for (int end : PositionFacets.ends()) {
      // Row i predicts token i + 1; ranges are of tokens.
      if (end - 1 > tokens.size()) {
        break;
      }
      add(tokens, from, end - 1, Optional.of(PositionFacets.position(end)), measures);
      from = end - 1;
    }
    double[] kl = new double[tokens.size()];
    for (int row = 0; row < kl.length; row++) {
      kl[row] = tokens.kl(row);
    }
    return new Scored(measures, Optional.of(PackedFigures.packed(kl)));
  }

  private static void add(
      ComparedTokens tokens, int from, int to, Optional<Facet> slice, List<Measure> measures) {
    add(KL, tokens::kl, from, to, slice, measures);
    add(KL_REVERSE, tokens::klReverse, from, to, slice, measures);
    add(SAME_TOP, row -> tokens.sameTop(row) ? 1 : 0, from, to, slice, measures);
    if (slice.isEmpty()) {
      add(TOP_TEN, tokens::topTen, from, to, slice, measures);
    }
    add(
        LOSS_DIFFERENCE,
        row -> tokens.logProbabilityA(row) - tokens.logProbabilityB(row),
        from,
        to,
        slice,
        measures);
  }

  private static void add(
      String metric,
      IntToDoubleFunction figure,
      int from,
      int to,
      Optional<Facet> slice,
      List<Measure> measures) {
    double sum = 0;
    for (int row = from; row < to; row++) {
      sum += figure.applyAsDouble(row);
    }
    Measure measure = Measure.of(metric, sum / (to - from), to - from);
    measures.add(slice.map(measure::in).orElse(measure));
  }
}
