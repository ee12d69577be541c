package org.ssasuite.leaderboards.run.work;

/**
 * A generation behind its prompt.
 *
 * @param past tokens of the prompt
 * @param steps the most that it takes, a token each
 */
public record Writing(long past, int steps) {
  public Writing {
    if (past < 0 || steps < 0) {
      throw new IllegalArgumentException(steps + " steps behind " + past + " tokens");
    }
  }
}
