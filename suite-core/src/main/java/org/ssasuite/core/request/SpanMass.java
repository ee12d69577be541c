package org.ssasuite.core.request;

import java.util.List;
import java.util.Optional;

/**
 * The mass that full attention puts on a stretch of a prompt while the answer is written: softmax
 * weights over all tokens up to the query's, whatever the mode attends to, from the queries and
 * keys of the run itself. The steps are the queries that choose a token: the prompt's last one and
 * those that were written, but for the last.
 *
 * @param steps how many there were
 * @param largest [layers][query heads] the largest mass of a step
 * @param mean [layers][query heads] over the steps
 * @param attended [layers][query heads] of the step with the largest mass, the first of equals: how
 *     much of it lies on tokens that the mode attends to; absent in full mode
 */
public record SpanMass(
    int steps,
    List<List<Double>> largest,
    List<List<Double>> mean,
    Optional<List<List<Double>>> attended) {
  public SpanMass {
    largest = copy(largest);
    mean = copy(mean);
    attended = attended.map(SpanMass::copy);
    if (steps < 1) {
      throw new IllegalArgumentException(steps + " steps");
    }
  }

  private static List<List<Double>> copy(List<List<Double>> layers) {
    return layers.stream().map(List::copyOf).toList();
  }
}
