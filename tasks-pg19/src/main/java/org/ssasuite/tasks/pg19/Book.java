package org.ssasuite.tasks.pg19;

import java.util.Objects;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.task.Sample;

/** A book, or a stretch of one, that is rated from its start. */
record Book(String id, String text) implements Sample {
  Book {
    Objects.requireNonNull(id);
    if (PythonText.split(text).size() == 0) {
      throw new IllegalArgumentException("book " + id + " has no word");
    }
  }

  @Override
  public String document() {
    return id;
  }
}
