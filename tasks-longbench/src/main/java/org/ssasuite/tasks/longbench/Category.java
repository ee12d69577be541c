package org.ssasuite.tasks.longbench;

import java.util.Locale;

/** The six kinds of tasks that LongBench sorts its data sets into. */
enum Category {
  SINGLE_DOCUMENT_QA,
  MULTI_DOCUMENT_QA,
  SUMMARIZATION,
  FEW_SHOT_LEARNING,
  SYNTHETIC,
  CODE;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
