package org.ssasuite.core.described;

import org.ssasuite.core.task.Sample;

/** A sample that stems from one row, and is called as it is. */
interface RowSample extends Sample {
  /** The row's. */
  RowName name();

  @Override
  default String id() {
    return name().id();
  }

  @Override
  default String document() {
    return name().document();
  }
}
