package org.ssasuite.runtime;

/**
 * How many tokens go through the graph in one run.
 *
 * @param promptTokens of prompts, at most
 * @param stepTokens of generations, one each, at most
 * @param padded whether every run has exactly so many, the rest being padding
 */
record RunSize(int promptTokens, int stepTokens, boolean padded) {
  /**
   * On a CPU a row of a product has the same bits in any number of rows. A GPU's library chooses
   * its kernel, and with it the order of sums, by that number, so there it is always the same; 64
   * steps read a weight matrix as fast as one.
   */
  static RunSize on(Device device) {
    return device == Device.CPU ? new RunSize(8_192, 8_192, false) : new RunSize(4_096, 64, true);
  }

  /** Rows of a run with so many tokens. */
  int rows(int tokens, boolean decoding) {
    int most = decoding ? stepTokens : promptTokens;
    if (tokens > most) {
      throw new IllegalArgumentException(tokens + " tokens in a run of at most " + most);
    }
    return padded ? most : tokens;
  }
}
