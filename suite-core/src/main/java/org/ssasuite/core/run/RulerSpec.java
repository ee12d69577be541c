package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What decides about RULER's samples besides task, length, seed and tokenizer.
 *
 * @param version whose generators make them
 * @param haystack file with the essays; absent: none was named
 * @param questions files with questions
 */
public record RulerSpec(String version, Optional<String> haystack, List<String> questions) {
  public RulerSpec {
    Objects.requireNonNull(version);
    Objects.requireNonNull(haystack);
    questions = List.copyOf(questions);
  }
}
