package org.ssasuite.core.run.items;

/** How much of each request a run keeps in its logs. It changes no score. */
public enum ItemLog {
  /** What was answered, token by token where tokens were rated, and what was expected. */
  ANSWERS,
  /** The same, and what was asked. */
  PROMPTS
}
