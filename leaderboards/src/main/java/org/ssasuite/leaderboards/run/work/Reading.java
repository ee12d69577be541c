package org.ssasuite.leaderboards.run.work;

/**
 * Tokens of one sequence that go through a model.
 *
 * @param past tokens before them, which are in the cache already
 * @param rated how many of their successors the vocabulary's head rates
 */
public record Reading(long past, long tokens, long rated) {
  public Reading {
    if (past < 0 || tokens < 0 || rated < 0) {
      throw new IllegalArgumentException(
          past + " tokens of the past, " + tokens + " read, " + rated + " rated");
    }
  }
}
