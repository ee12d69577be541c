package org.ssasuite.tasks.longbench;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.task.Sample;

/**
 * A record of a data set.
 *
 * @param number in its data set, from 0
 * @param classes empty where the record has none
 * @param length as the record states it: words, in Chinese characters
 */
record LongBenchItem(
    int number,
    String input,
    String context,
    List<String> answers,
    List<String> classes,
    double length)
    implements Sample {
  private static final int DOCUMENT_HEX_DIGITS = 16;

  LongBenchItem {
    Objects.requireNonNull(input);
    Objects.requireNonNull(context);
    answers = List.copyOf(answers);
    classes = List.copyOf(classes);
  }

  @Override
  public String id() {
    return Integer.toString(number);
  }

  /** Several questions may be about one context. */
  @Override
  public String document() {
    return Digests.sha256(context).substring(0, DOCUMENT_HEX_DIGITS);
  }
}
