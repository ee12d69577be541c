package org.ssasuite.core.extrapolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;

/**
 * The loss on the same tokens by what is read before them. With NLL(L) the sum of −ln p over the
 * tokens where a pass reads L tokens, in nats, T the trained length, n the tokens and b their UTF-8
 * bytes:
 *
 * <pre>
 * token_nats, bits_per_byte          NLL(L) / n, NLL(L) / b / ln 2
 * delta_nats, delta_bits_per_byte    the same of NLL(L) − NLL(T), for L other than T
 * context_gain                       (NLL(G) − NLL(L)) / n, L above {@link LengthScale#gainBase} G
 * extrapolation_score, …_per_byte    Σ over L above T of share(L) · delta(L)
 * </pre>
 *
 * <p>All but the score are by facet {@code length}. Everything is linear in the losses, so that
 * each of a stretch's figures is a measure of it, and intervals are made as all others are.
 */
public final class LengthMeasures {
  public static final String SCORE = "extrapolation_score";
  public static final String SCORE_PER_BYTE = "extrapolation_score_per_byte";
  public static final String DELTA_NATS = "delta_nats";
  public static final String DELTA_BITS_PER_BYTE = "delta_bits_per_byte";
  public static final String CONTEXT_GAIN = "context_gain";

  private static final String LENGTH = "length";

  /** The score first. */
  public static final Aggregate AGGREGATE =
      new Aggregate(
          List.of(
              new MetricRule(SCORE, Transform.IDENTITY, Better.LOWER),
              new MetricRule(SCORE_PER_BYTE, Transform.BITS, Better.LOWER),
              new MetricRule(DELTA_NATS, Transform.IDENTITY, Better.LOWER),
              new MetricRule(DELTA_BITS_PER_BYTE, Transform.BITS, Better.LOWER),
              new MetricRule(CONTEXT_GAIN, Transform.IDENTITY, Better.HIGHER),
              new MetricRule(LossMetrics.TOKEN_NATS, Transform.IDENTITY, Better.LOWER),
              new MetricRule(LossMetrics.BITS_PER_BYTE, Transform.BITS, Better.LOWER)));

  private final LengthScale scale;
  private final double[] nats;
  private final double tokens;
  private final double bytes;
  private final List<Measure> measures = new ArrayList<>();

  private LengthMeasures(LengthScale scale, double[] nats, int tokens, int bytes) {
    this.scale = scale;
    this.nats = nats;
    this.tokens = tokens;
    this.bytes = bytes;
  }

  /** The slice of a length. */
  public static Facet at(int length) {
    return new Facet(LENGTH, Integer.toString(length));
  }

  /** Whether a slice is one of a length. */
  static boolean isLength(Facet facet) {
    return facet.name().equals(LENGTH);
  }

  /**
   * What the loss of one stretch comes to.
   *
   * @param nats [lengths] summed over its tokens, finite
   * @param tokens rated at each length, at least 1
   * @param bytes of their text, at least 1
   */
  public static Scored of(LengthScale scale, double[] nats, int tokens, int bytes) {
    if (nats.length != scale.lengths().size() || tokens < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          nats.length + " losses at " + scale + ", " + tokens + " tokens, " + bytes + " bytes");
    }
    LengthMeasures stretch = new LengthMeasures(scale, nats.clone(), tokens, bytes);
    stretch.addScore();
    scale.lengths().forEach(stretch::add);
    return new Scored(stretch.measures, Optional.empty());
  }

  private double nats(int length) {
    return nats[scale.lengths().indexOf(length)];
  }

  private void addScore() {
    double sum = 0;
    for (int length : scale.beyond()) {
      sum += scale.share(length) * (nats(length) - nats(scale.trained()));
    }
    measures.add(Measure.of(SCORE, sum / tokens, tokens));
    measures.add(Measure.of(SCORE_PER_BYTE, sum / bytes, bytes));
  }

  private void add(int length) {
    Facet slice = at(length);
    double loss = nats(length);
    if (length != scale.trained()) {
      double more = loss - nats(scale.trained());
      measures.add(Measure.of(DELTA_NATS, more / tokens, tokens).in(slice));
      measures.add(Measure.of(DELTA_BITS_PER_BYTE, more / bytes, bytes).in(slice));
    }
    if (length > scale.gainBase()) {
      double gain = nats(scale.gainBase()) - loss;
      measures.add(Measure.of(CONTEXT_GAIN, gain / tokens, tokens).in(slice));
    }
    measures.add(Measure.of(LossMetrics.TOKEN_NATS, loss / tokens, tokens).in(slice));
    measures.add(Measure.of(LossMetrics.BITS_PER_BYTE, loss / bytes, bytes).in(slice));
  }
}
