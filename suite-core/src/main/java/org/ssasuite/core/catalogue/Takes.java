package org.ssasuite.core.catalogue;

import java.util.Set;

/**
 * What can be said about a task.
 *
 * @param length whether it reads a number of tokens
 * @param shots whether it puts solved records before a question
 * @param seed whether it draws something
 * @param tokenizer whether its samples are made for a tokenizer, so that each has its own
 * @param own names of what only tasks of its module know, as RULER's {@code version}
 */
public record Takes(
    boolean length, boolean shots, boolean seed, boolean tokenizer, Set<String> own) {
  /**
   * Of a task's own: all lengths that the user says, for a task that is one at all of them together
   * and not one at each.
   */
  public static final String LENGTHS = "lengths";

  public Takes {
    own = Set.copyOf(own);
  }

  /** Whether lengths that the user says are of any use to it. */
  boolean lengths() {
    return length || own.contains(LENGTHS);
  }
}
