package org.ssasuite.tasks.ruler;

import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.Facet;

/** The length of a task's samples as a slice of its results, which all of them are in. */
final class LengthFacet {
  private static final String NAME = "length";
  private static final Pattern TOKENS = Pattern.compile("[1-9][0-9]{0,8}");

  private LengthFacet() {}

  static Facet of(int tokens) {
    return new Facet(NAME, String.valueOf(tokens));
  }

  /** The length that a result is of; absent if none of its samples has a score, or says so. */
  static OptionalInt in(TaskResult result) {
    return result.metrics().stream()
        .flatMap(metric -> metric.facet().stream())
        .filter(facet -> facet.name().equals(NAME))
        .map(Facet::value)
        .filter(value -> TOKENS.matcher(value).matches())
        .mapToInt(Integer::parseInt)
        .findFirst();
  }
}
