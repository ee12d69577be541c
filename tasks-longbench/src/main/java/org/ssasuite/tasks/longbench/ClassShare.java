package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.metrics.AnswerMetric;

/**
 * Whether a prediction names the right class, shared among all that it names.
 *
 * <pre>
 * named = classes whose text is in the prediction, in their order, less those that are a proper part
 *         of the reference
 * score = 1 / |named| if the reference is among them, else 0
 * </pre>
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code
 * classification_score}.
 *
 * <p>Quirks kept: classes are taken out of the list while it is walked through, so the one behind a
 * removed one is skipped and stays; what is removed is the first of equal texts. A class counts
 * where its text is part of a longer word too.
 */
record ClassShare() implements AnswerMetric {
  @Override
  public double score(String prediction, String reference, List<String> classes) {
    List<String> named = new ArrayList<>(classes);
    named.removeIf(name -> !prediction.contains(name));
    // The walk goes by index over a list that shrinks below it.
    for (int i = 0; i < named.size(); i++) {
      String name = named.get(i);
      if (reference.contains(name) && !name.equals(reference)) {
        named.remove(name);
      }
    }
    return named.contains(reference) ? 1.0 / named.size() : 0;
  }
}
