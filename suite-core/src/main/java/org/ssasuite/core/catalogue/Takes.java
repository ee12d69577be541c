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
  public Takes {
    own = Set.copyOf(own);
  }
}
