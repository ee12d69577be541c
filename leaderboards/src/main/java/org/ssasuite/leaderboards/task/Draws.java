package org.ssasuite.leaderboards.task;

/**
 * Which solved records a choice task puts before a question.
 *
 * @param shots how many
 * @param seed of the draws
 */
public record Draws(int shots, long seed) {
  public Draws {
    if (shots < 0 || seed < 0) {
      throw new IllegalArgumentException(shots + " shots, seed " + seed);
    }
  }
}
