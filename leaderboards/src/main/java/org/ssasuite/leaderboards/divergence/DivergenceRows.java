package org.ssasuite.leaderboards.divergence;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalDouble;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.Lockstep;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;

/** The comparison of two modes or models at each position of a text. Mutable while it is filled. */
final class DivergenceRows {
  private static final int FIGURES = 5;
  private static final int LINE_CHARACTERS = 160;

  private final double[] figures;
  private final boolean[] sameTop;
  private final BitSet withoutTopTen = new BitSet();
  private final BitSet withoutLogprobB = new BitSet();
  private final double[][] layers; // [L][positions]
  private final boolean fromBelow;
  private int size;

  /**
   * None yet.
   *
   * @param most positions that there will be
   * @param layers whose distance is known
   * @param fromBelow whether KL is what it is at least
   */
  DivergenceRows(int most, int layers, boolean fromBelow) {
    figures = new double[Math.multiplyExact(FIGURES, most)];
    sameTop = new boolean[most];
    this.layers = new double[layers][most];
    this.fromBelow = fromBelow;
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
      add(
          models,
          new RowDivergence(
              rows.kl(row),
              rows.klReverse(row),
              rows.sameTop(row),
              OptionalDouble.of(rows.topTen(row)),
              rows.logprobA(row),
              OptionalDouble.of(rows.logprobB(row))));
    }
  }

  /**
   * Adds the next position.
   *
   * @param models for the message
   * @throws BadInputException if a figure is no finite number
   */
  void add(String models, RowDivergence row) {
    double[] own = {
      row.kl(), row.klReverse(), row.topTen().orElse(0), row.logprobA(), row.logprobB().orElse(0)
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
    withoutTopTen.set(size, row.topTen().isEmpty());
    withoutLogprobB.set(size, row.logprobB().isEmpty());
    sameTop[size++] = row.sameTop();
  }

  /** Whether KL is what it is at least. */
  boolean fromBelow() {
    return fromBelow;
  }

  /** Whether A's mass on the ten best ids of B is known in a stretch throughout. */
  boolean knowsTopTen(int from, int to) {
    int first = withoutTopTen.nextSetBit(from);
    return first < 0 || first >= to;
  }

  /** Whether B's log-probability of the token is known in a stretch throughout. */
  boolean knowsLoss(int from, int to) {
    int first = withoutLogprobB.nextSetBit(from);
    return first < 0 || first >= to;
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
      String bound = fromBelow ? "_lower_bound" : "";
      lines.append("{\"position\": ").append(i);
      lines.append(", \"kl").append(bound).append("\": ").append(kl(i));
      lines.append(", \"kl_reverse").append(bound).append("\": ").append(klReverse(i));
      lines.append(", \"same_top\": ").append(sameTop[i]);
      if (!withoutTopTen.get(i)) {
        lines.append(", \"top10\": ").append(topTen(i));
      }
      lines.append(", \"logprob_a\": ").append(figures[FIGURES * i + 3]);
      if (!withoutLogprobB.get(i)) {
        lines.append(", \"logprob_b\": ").append(figures[FIGURES * i + 4]);
      }
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
