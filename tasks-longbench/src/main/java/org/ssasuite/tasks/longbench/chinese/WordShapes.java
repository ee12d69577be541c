package org.ssasuite.tasks.longbench.chinese;

import java.util.Arrays;

/**
 * jieba's hidden Markov model of words that no dictionary has: each character begins a word (B), is
 * inside (M), ends one (E) or is one (S), and the most probable row of these is found by Viterbi's
 * algorithm. Immutable, for any number of threads.
 *
 * <pre>
 * V(0, y) = start(y) + emission(y, c_0)
 * V(t, y) = max over the states x that may precede y of V(t − 1, x) + transition(x, y)
 *                                                       + emission(y, c_t)
 * </pre>
 *
 * What the model does not have counts −3.14e100. Equal figures go to the later letter of B, E, M,
 * S, and the last state is E or S.
 *
 * <p>Reference: fxsjy/jieba 0.42.1, {@code jieba/finalseg/__init__.py}, {@code viterbi}.
 *
 * @param start [4] in the order of {@link #STATES}
 * @param transitions [4 × 4] from, to
 * @param emissions [4 × 65,536] by state and character
 */
// Arrays on purpose: looked up for every character.
@SuppressWarnings("ArrayRecordComponent")
record WordShapes(double[] start, double[] transitions, double[] emissions) {
  static final double IMPOSSIBLE = -3.14e100;
  static final int CHARACTERS = 1 << 16;

  /** The states in the order of their letters. */
  static final String STATES = "BEMS";

  private static final int B = 0;
  private static final int E = 1;
  private static final int M = 2;
  private static final int S = 3;
  private static final int COUNT = 4;

  /** The two states that may precede each one, the later letter first: it wins where both equal. */
  private static final int[][] BEFORE = {{S, E}, {M, B}, {M, B}, {S, E}};

  /** [n] whether a word ends at each character of a text that is not empty. */
  boolean[] wordEnds(CharSequence text) {
    int n = text.length();
    byte[] cameFrom = new byte[n * COUNT];
    double[] values = new double[COUNT];
    for (int y = 0; y < COUNT; y++) {
      values[y] = start[y] + emission(y, text.charAt(0));
    }
    double[] next = new double[COUNT];
    for (int t = 1; t < n; t++) {
      for (int y = 0; y < COUNT; y++) {
        double emission = emission(y, text.charAt(t));
        int later = BEFORE[y][0];
        int earlier = BEFORE[y][1];
        double byLater = values[later] + transitions[later * COUNT + y] + emission;
        double byEarlier = values[earlier] + transitions[earlier * COUNT + y] + emission;
        next[y] = Math.max(byLater, byEarlier);
        cameFrom[t * COUNT + y] = (byte) (byEarlier > byLater ? earlier : later);
      }
      System.arraycopy(next, 0, values, 0, COUNT);
    }
    return ends(cameFrom, values[E] > values[S] ? E : S);
  }

  private static boolean[] ends(byte[] cameFrom, int last) {
    boolean[] ends = new boolean[cameFrom.length / COUNT];
    int state = last;
    for (int t = ends.length - 1; t >= 0; t--) {
      ends[t] = state == E || state == S;
      state = cameFrom[t * COUNT + state];
    }
    return ends;
  }

  private double emission(int state, char character) {
    return emissions[state * CHARACTERS + character];
  }

  /** A table of emissions in which nothing is possible yet. */
  static double[] noEmissions() {
    double[] emissions = new double[COUNT * CHARACTERS];
    Arrays.fill(emissions, IMPOSSIBLE);
    return emissions;
  }
}
