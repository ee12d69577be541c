package org.ssasuite.leaderboards.divergence;

import java.util.Arrays;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;

/** The comparison of two modes or models at each position of a text. Mutable while it is filled. */
final class DivergenceRows {
  private static final int FIGURES = 5;
  private static final int LINE_CHARACTERS = 160;

  private final double[] figures;
  private final boolean[] sameTop;
  private int size;

  /**
   * None yet.
   *
   * @param most positions that there will be
   */
  DivergenceRows(int most) {
    figures = new double[Math.multiplyExact(FIGURES, most)];
    sameTop = new boolean[most];
  }

  /**
   * Adds the next positions.
   *
   * @param models for the message
   * @throws BadInputException if a figure is no finite number
   */
  void add(String models, TokenDivergenceOutputs rows) {
    for (int row = 0; row < rows.rows(); row++) {
      double[] own = {
        rows.kl(row), rows.klReverse(row), rows.topTen(row), rows.logprobA(row), rows.logprobB(row)
      };
      if (!Arrays.stream(own).allMatch(Double::isFinite)) {
        throw new BadInputException(
            models,
            "the divergence at position "
                + size
                + " is "
                + own[0]
                + " nats, the log-probabilities are "
                + own[3]
                + " and "
                + own[4]);
      }
      System.arraycopy(own, 0, figures, FIGURES * size, FIGURES);
      sameTop[size++] = rows.sameTop(row);
    }
  }

  /** Positions. */
  int size() {
    return size;
  }

  double kl(int position) {
    return figures[FIGURES * position];
  }

  double klReverse(int position) {
    return figures[FIGURES * position + 1];
  }

  double topTen(int position) {
    return figures[FIGURES * position + 2];
  }

  /** How much less probable the next token is in B, in nats. */
  double lossDifference(int position) {
    return figures[FIGURES * position + 3] - figures[FIGURES * position + 4];
  }

  boolean sameTop(int position) {
    return sameTop[position];
  }

  /** One JSON object a line, each ended by a line feed; numbers are read back as they were. */
  String lines() {
    StringBuilder lines = new StringBuilder((int) Math.min((long) LINE_CHARACTERS * size, 1 << 26));
    for (int i = 0; i < size; i++) {
      lines
          .append("{\"position\": ")
          .append(i)
          .append(", \"kl\": ")
          .append(kl(i))
          .append(", \"kl_reverse\": ")
          .append(klReverse(i))
          .append(", \"same_top\": ")
          .append(sameTop[i])
          .append(", \"top10\": ")
          .append(topTen(i))
          .append(", \"logprob_a\": ")
          .append(figures[FIGURES * i + 3])
          .append(", \"logprob_b\": ")
          .append(figures[FIGURES * i + 4])
          .append("}\n");
    }
    return lines.toString();
  }
}
