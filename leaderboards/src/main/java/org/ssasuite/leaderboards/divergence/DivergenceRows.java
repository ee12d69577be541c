package org.ssasuite.leaderboards.divergence;

import java.util.Arrays;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.Lockstep;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;

/** The comparison of two modes or models at each position of a text. Mutable while it is filled. */
final class DivergenceRows {
  private static final int FIGURES = 5;
  private static final int LINE_CHARACTERS = 160;

  private final double[] figures;
  private final boolean[] sameTop;
  private final double[][] layers; // [L][positions]
  private int size;

  /**
   * None yet.
   *
   * @param most positions that there will be
   * @param layers whose distance is known
   */
  DivergenceRows(int most, int layers) {
    figures = new double[Math.multiplyExact(FIGURES, most)];
    sameTop = new boolean[most];
    this.layers = new double[layers][most];
  }

  /**
   * Adds the next positions.
   *
   * @param models for the message
   * @throws BadInputException if a figure is no finite number
   */
  void add(String models, Lockstep.Stretch stretch) {
    TokenDivergenceOutputs rows = stretch.outputs();
    for (int layer = 0; layer < layers.length; layer++) {
      double[] apart = stretch.layers().get(layer);
      requireFinite(models, layer, apart);
      System.arraycopy(apart, 0, layers[layer], size, apart.length);
    }
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

  private void requireFinite(String models, int layer, double[] apart) {
    for (int row = 0; row < apart.length; row++) {
      if (!Double.isFinite(apart[row])) {
        throw new BadInputException(
            models,
            "the distance behind layer "
                + layer
                + " at position "
                + (size + row)
                + " is "
                + apart[row]);
      }
    }
  }

  /** Layers whose distance is known. */
  int layers() {
    return layers.length;
  }

  /** ‖x_A − x_B‖ / ‖x_A‖ of what leaves a layer. */
  double apart(int layer, int position) {
    return layers[layer][position];
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
          .append(figures[FIGURES * i + 4]);
      if (layers.length > 0) {
        int position = i;
        lines.append(", \"hidden\": ");
        lines.append(Arrays.stream(layers).map(layer -> layer[position]).toList());
      }
      lines.append("}\n");
    }
    return lines.toString();
  }
}
