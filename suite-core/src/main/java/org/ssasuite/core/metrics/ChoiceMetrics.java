package org.ssasuite.core.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;

/**
 * The accuracies of a task, in percent, and beside them
 *
 * <pre>
 * gold_nats_per_byte  −Σ ln p of the right choices / Σ their UTF-8 bytes, each with the space that
 *                     leads it
 * ties                share of questions where the headline's highest figure is that of two choices
 *                     or more, so that the first of them was taken
 * boundary_moved      share of questions with a choice whose first token the tokenizer joined with
 *                     the context's last, so that what was rated is not quite the choice
 * </pre>
 *
 * @param accuracies the headline first
 */
public record ChoiceMetrics(List<Accuracy> accuracies) {
  /** For choices that differ in their text. */
  public static final ChoiceMetrics OF_ANSWERS =
      new ChoiceMetrics(
          List.of(Accuracy.PER_CHARACTER, Accuracy.TOTAL, Accuracy.PER_BYTE, Accuracy.PER_TOKEN));

  /** For one text behind different beginnings: it has one length. */
  public static final ChoiceMetrics OF_BEGINNINGS = new ChoiceMetrics(List.of(Accuracy.TOTAL));

  private static final String GOLD_NATS_PER_BYTE = "gold_nats_per_byte";
  private static final String TIES = "ties";
  private static final String BOUNDARY_MOVED = "boundary_moved";

  public ChoiceMetrics {
    accuracies = List.copyOf(accuracies);
  }

  /** The accuracies, then what stands beside them. */
  public Aggregate aggregate() {
    List<MetricRule> rules = new ArrayList<>();
    for (Accuracy accuracy : accuracies) {
      rules.add(new MetricRule(accuracy.metric(), Transform.PERCENT, Better.HIGHER));
    }
    rules.add(new MetricRule(GOLD_NATS_PER_BYTE, Transform.IDENTITY, Better.LOWER));
    rules.add(new MetricRule(TIES, Transform.PERCENT, Better.LOWER));
    rules.add(new MetricRule(BOUNDARY_MOVED, Transform.PERCENT, Better.LOWER));
    return new Aggregate(rules);
  }

  /**
   * The measures of one question; unscored if a choice has no finite log-likelihood, or no token.
   *
   * @param choices the texts that lengths are taken of
   * @param gold the right one, from 0
   * @param rated what was rated for the right one: with what leads it
   * @param ratings one for each choice
   */
  public Score score(
      List<String> choices, int gold, String rated, List<ContinuationRating> ratings) {
    for (int i = 0; i < ratings.size(); i++) {
      ContinuationRating rating = ratings.get(i);
      if (!Double.isFinite(rating.logLikelihood()) || rating.tokens() < 1) {
        return new Unscored(
            "the log-likelihood of choice "
                + i
                + " is "
                + rating.logLikelihood()
                + " over "
                + rating.tokens()
                + " tokens");
      }
    }
    List<Measure> measures = new ArrayList<>();
    for (Accuracy accuracy : accuracies) {
      int chosen = Accuracy.chosen(accuracy.figures(choices, ratings));
      measures.add(Measure.of(accuracy.metric(), chosen == gold ? 1 : 0, 1));
    }
    measures.add(goldNats(rated, ratings.get(gold)));
    double[] headline = accuracies.get(0).figures(choices, ratings);
    measures.add(Measure.of(TIES, Accuracy.tied(headline) ? 1 : 0, 1));
    boolean moved = ratings.stream().anyMatch(ContinuationRating::boundaryMoved);
    measures.add(Measure.of(BOUNDARY_MOVED, moved ? 1 : 0, 1));
    return new Scored(measures, Optional.of(Integer.toString(Accuracy.chosen(headline))));
  }

  private static Measure goldNats(String rated, ContinuationRating rating) {
    int bytes = rated.getBytes(StandardCharsets.UTF_8).length;
    return Measure.of(GOLD_NATS_PER_BYTE, -rating.logLikelihood() / bytes, bytes);
  }
}
