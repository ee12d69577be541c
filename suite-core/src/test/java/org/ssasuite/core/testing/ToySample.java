package org.ssasuite.core.testing;

import org.ssasuite.core.task.Sample;

/** A number to be doubled. Two samples in a row share a document. */
public record ToySample(int number) implements Sample {
  @Override
  public String id() {
    return "toy-" + number;
  }

  @Override
  public String document() {
    return "document-" + number / 2;
  }
}
