package org.ssasuite.tasks.ruler.generator;

import java.util.List;
import java.util.Objects;
import org.ssasuite.tasks.ruler.text.Span;

/**
 * A prompt that may yet turn out too long.
 *
 * @param text what the reference counts the tokens of
 * @param needles where in the text stands what each answer is found by; empty without needles
 */
record Draft(String text, List<String> outputs, List<Span> needles) {
  Draft {
    Objects.requireNonNull(text);
    outputs = List.copyOf(outputs);
    needles = List.copyOf(needles);
  }
}
