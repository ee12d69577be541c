package org.ssasuite.runtime.engine;

/**
 * How many tokens go through the graph in one run.
 *
 * @param promptTokens of prompts, at most
 * @param stepTokens of generations, one each, at most
 * @param padded whether every run has exactly so many, the rest being padding
 */
public record RunSize(int promptTokens, int stepTokens, boolean padded) {
  /**
   * On a CPU a row of a product has the same bits in any number of rows. A GPU's library chooses
   * its kernel, and with it the order of sums, by that number, so there it is always the same; 64
   * steps read a weight matrix as fast as one.
   */
  public static RunSize on(Device device) {
    return device == Device.CPU ? new RunSize(8_192, 8_192, false) : new RunSize(4_096, 64, true);
  }

  /**
   * Tables of a device's run have room for this many tokens, of all sequences as of the longest.
   */
  private static final long MOST_ROOM = 1L << 21;

  /** The most tokens of one sequence, where a user asks for so many. */
  public int chunk(int asked) {
    return padded ? Math.min(asked, promptTokens) : asked;
  }

  /** Whether a run of prompts may have so many tokens, of so many sequences. */
  public boolean takes(int tokens, int sequences, int longest) {
    return tokens <= promptTokens && (!padded || (long) sequences * longest <= MOST_ROOM);
  }

  /** Rows of a run with so many tokens. */
  public int rows(int tokens, boolean decoding) {
    if (!padded) {
      return tokens;
    }
    int most = decoding ? stepTokens : promptTokens;
    if (tokens > most) {
      throw new IllegalArgumentException(tokens + " tokens in a run of at most " + most);
    }
    return most;
  }
}
