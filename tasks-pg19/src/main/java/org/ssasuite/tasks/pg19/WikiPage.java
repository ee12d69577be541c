package org.ssasuite.tasks.pg19;

import java.util.Objects;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.task.Sample;

/**
 * A page of WikiText-2.
 *
 * @param number from 0
 * @param text what is rated: the page after {@link WikiDetokenizer}
 * @param size of the page before it
 */
record WikiPage(int number, String text, TextSize size) implements Sample {
  WikiPage {
    Objects.requireNonNull(text);
    Objects.requireNonNull(size);
  }

  @Override
  public String id() {
    return Integer.toString(number);
  }

  @Override
  public String document() {
    return id();
  }
}
