package org.ssasuite.core.task;

/** One item of a task. Tasks add what they need in records of their own. */
public interface Sample {
  /** Unique within the task, stable over runs. */
  String id();

  /** The document that it stems from: samples of one document are not independent. */
  String document();
}
