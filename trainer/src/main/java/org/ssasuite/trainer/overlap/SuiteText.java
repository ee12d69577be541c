package org.ssasuite.trainer.overlap;

import java.util.List;
import java.util.Objects;

/**
 * What a suite asks about one document.
 *
 * @param document its name within the task
 * @param texts all that a model may read of it; what several have in common counts once
 */
public record SuiteText(String suite, String task, String document, List<String> texts) {
  public SuiteText {
    Objects.requireNonNull(suite);
    Objects.requireNonNull(task);
    Objects.requireNonNull(document);
    texts = List.copyOf(texts);
  }
}
