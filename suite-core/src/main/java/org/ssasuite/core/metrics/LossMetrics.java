package org.ssasuite.core.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;

/**
 * The loss of one pass over a text, by four denominators. With NLL the sum of −ln p over the rated
 * tokens, in nats, and sums over all documents:
 *
 * <pre>
 * word_perplexity  exp(Σ NLL / Σ words)
 * byte_perplexity  exp(Σ NLL / Σ UTF-8 bytes)
 * bits_per_byte    Σ NLL / Σ UTF-8 bytes / ln 2
 * token_nats       Σ NLL / Σ rated tokens
 * </pre>
 *
 * <p>Only the first three compare models with different tokenizers. Reference of the first three:
 * EleutherAI/lm-evaluation-harness 0.4.9, {@code lm_eval/api/metrics.py}, {@code
 * weighted_perplexity} and {@code bits_per_byte}.
 */
public final class LossMetrics {
  public static final String WORD_PERPLEXITY = "word_perplexity";
  public static final String BYTE_PERPLEXITY = "byte_perplexity";
  public static final String BITS_PER_BYTE = "bits_per_byte";
  public static final String TOKEN_NATS = "token_nats";

  /** Word perplexity first. */
  public static final Aggregate AGGREGATE =
      new Aggregate(
          List.of(
              new MetricRule(WORD_PERPLEXITY, Transform.EXP, Better.LOWER),
              new MetricRule(BYTE_PERPLEXITY, Transform.EXP, Better.LOWER),
              new MetricRule(BITS_PER_BYTE, Transform.BITS, Better.LOWER),
              new MetricRule(TOKEN_NATS, Transform.IDENTITY, Better.LOWER)));

  private LossMetrics() {}

  /**
   * The measures of one document. Unscored where a figure would not be a number: a token of
   * probability 0 (or none at all), a text without words.
   *
   * @param rated one token or more
   * @param size of the text that the loss is divided by
   * @param slices gives the measures of parts of the document; called for finite tokens only
   */
  public static Score score(
      RatedTokens rated, TextSize size, Function<RatedTokens, List<Measure>> slices) {
    if (size.words() == 0 || size.bytes() == 0) {
      return new Unscored("no word in the rated text");
    }
    for (int i = 0; i < rated.size(); i++) {
      if (!Double.isFinite(rated.logProbability(i))) {
        return new Unscored(
            "the log-probability of token "
                + (rated.firstPosition() + i)
                + " is "
                + rated.logProbability(i));
      }
    }
    double nats = rated.nats(0, rated.size());
    List<Measure> measures = new ArrayList<>();
    measures.add(Measure.of(WORD_PERPLEXITY, nats / size.words(), size.words()));
    measures.add(Measure.of(BYTE_PERPLEXITY, nats / size.bytes(), size.bytes()));
    measures.add(Measure.of(BITS_PER_BYTE, nats / size.bytes(), size.bytes()));
    measures.add(Measure.of(TOKEN_NATS, nats / rated.size(), rated.size()));
    measures.addAll(slices.apply(rated));
    return new Scored(measures, Optional.empty());
  }
}
