package org.ssasuite.runtime.engine;

/**
 * How work is cut and put together. None of it changes an answer.
 *
 * @param chunkTokens the most tokens of one sequence that go through the model at once
 * @param sharing whether what several sequences begin with is computed once
 */
public record Scheduling(int chunkTokens, boolean sharing) {
  /** Enough rows to keep matrix products busy, few enough to keep activations small. */
  private static final int CHUNK_TOKENS = 4_096;

  public Scheduling {
    if (chunkTokens < 1) {
      throw new IllegalArgumentException("chunks of " + chunkTokens + " tokens");
    }
  }

  /** Chunks of 4,096 tokens, with sharing. */
  public static Scheduling standard() {
    return new Scheduling(CHUNK_TOKENS, true);
  }
}
