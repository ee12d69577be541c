package org.ssasuite.runtime.oracle;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.operator.AttentionInputs;

/**
 * The attention operator in fp64. With q, k turned by rotary, per query head at token t, over the
 * tokens of its sequence:
 *
 * <ul>
 *   <li>full: softmax over j ≤ t of q·k_j / √D, times v_j; times the gate of the selected branch.
 *   <li>block-sparse: the same over the tokens j ≤ t of the chosen blocks ({@link
 *       BlockSelectionOracle}).
 *   <li>three branches: g0 · compressed + g1 · selected + g2 · window; compressed is the softmax
 *       over complete blocks of q · mean key / √D, times mean values, 0 where there is no complete
 *       block; window is attention over the last W tokens, the own one included.
 * </ul>
 *
 * Absent gates are 1.
 */
public final class AttentionOracle {
  private static final int COMPRESSED = 0;
  private static final int SELECTED = 1;
  private static final int WINDOW = 2;

  private final AttentionInputs inputs;
  private final RotatedHeads heads;
  private final Optional<BlockSelectionOracle> selection;

  /** For kernels that choose in fp64. */
  public AttentionOracle(AttentionInputs inputs) {
    this(inputs, BlockSelectionOracle.TOLERANCE);
  }

  /**
   * For other kernels.
   *
   * @param tolerance how far two importances may lie apart, relatively, for either order to be
   *     right
   */
  public AttentionOracle(AttentionInputs inputs, double tolerance) {
    this.inputs = inputs;
    heads = new RotatedHeads(inputs);
    selection =
        inputs.mode() instanceof Full
            ? Optional.empty()
            : Optional.of(new BlockSelectionOracle(heads, inputs.mode(), tolerance));
  }

  /** Who chooses the blocks; absent in full mode. */
  public Optional<BlockSelectionOracle> selection() {
    return selection;
  }

  /**
   * Values per token and KV head in {@link #selected()}: the mode's block count; 0 in full mode.
   */
  public int selectedWidth() {
    return selection.map(BlockSelectionOracle::blockCount).orElse(0);
  }

  /** The blocks to choose [T, H, width], ascending, then −1; empty in full mode. */
  public int[] selected() {
    int width = selectedWidth();
    int[] selected = new int[inputs.tokens() * inputs.kvHeads() * width];
    Arrays.fill(selected, -1);
    selection.ifPresent(
        oracle -> {
          for (int row = 0; row < inputs.tokens() * inputs.kvHeads(); row++) {
            int[] chosen = oracle.chosen(row / inputs.kvHeads(), row % inputs.kvHeads());
            System.arraycopy(chosen, 0, selected, row * width, chosen.length);
          }
        });
    return selected;
  }

  /** The operator's output [T, HQ, D], over the blocks of {@link #selected()}. */
  public double[] out() {
    return out(selected());
  }

  /**
   * The operator's output [T, HQ, D], over blocks that somebody else chose.
   *
   * @param selected [T, H, width], ascending blocks up to the own one, then −1
   */
  public double[] out(int[] selected) {
    return rows((token, head) -> row(token, head, blocks(token, head, selected)));
  }

  /**
   * One token's part of {@link #out(int[])}: [HQ, D].
   *
   * @param selected the token's part of the choice: [H, width]
   */
  public double[] outOf(int token, int[] selected) {
    double[] out = new double[inputs.queryHeads() * inputs.headDim()];
    for (int head = 0; head < inputs.queryHeads(); head++) {
      double[] row = row(token, head, chosenOf(selected, heads.kvHeadOf(head)));
      System.arraycopy(row, 0, out, head * inputs.headDim(), inputs.headDim());
    }
    return out;
  }

  /** The first thing that is wrong with a choice of blocks; empty if it is right. */
  public Optional<String> explain(int[] selected) {
    if (selected.length != inputs.tokens() * inputs.kvHeads() * selectedWidth()) {
      return Optional.of("selected has " + selected.length + " values");
    }
    if (selection.isEmpty()) {
      return Optional.empty();
    }
    for (int row = 0; row < inputs.tokens() * inputs.kvHeads(); row++) {
      int token = row / inputs.kvHeads();
      int kvHead = row % inputs.kvHeads();
      int[] blocks = chosenOf(selected, row);
      for (int i = blocks.length; i < selectedWidth(); i++) {
        if (selected[row * selectedWidth() + i] != -1) {
          return Optional.of("token " + token + ", KV head " + kvHead + ": a block follows −1");
        }
      }
      Optional<String> wrong = selection.get().explain(token, kvHead, blocks);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private double[] rows(BiFunction<Integer, Integer, double[]> row) {
    int headDim = inputs.headDim();
    double[] out = new double[inputs.tokens() * inputs.queryHeads() * headDim];
    for (int t = 0; t < inputs.tokens(); t++) {
      for (int h = 0; h < inputs.queryHeads(); h++) {
        System.arraycopy(row.apply(t, h), 0, out, (t * inputs.queryHeads() + h) * headDim, headDim);
      }
    }
    return out;
  }

  private double[] row(int token, int head, int[] blocks) {
    double[] out = new double[inputs.headDim()];
    int start = heads.sequenceStart(token);
    if (inputs.mode() instanceof Full) {
      add(gate(token, head, SELECTED), attention(token, head, range(start, token)), out);
      return out;
    }
    int blockSize = selection.orElseThrow().blockSize();
    int[] inBlocks =
        Arrays.stream(range(start, token))
            .filter(j -> Arrays.binarySearch(blocks, (j - start) / blockSize) >= 0)
            .toArray();
    add(gate(token, head, SELECTED), attention(token, head, inBlocks), out);
    if (inputs.mode() instanceof ThreeBranch branches) {
      add(gate(token, head, COMPRESSED), compressed(token, head), out);
      int first = (int) Math.max(start, token - (long) branches.window() + 1);
      add(gate(token, head, WINDOW), attention(token, head, range(first, token)), out);
    }
    return out;
  }

  private double[] attention(int token, int head, int[] tokens) {
    double[] p =
        Softmax.of(Arrays.stream(tokens).mapToDouble(j -> heads.score(token, head, j)).toArray());
    double[] sum = new double[inputs.headDim()];
    for (int i = 0; i < tokens.length; i++) {
      heads.addValue(p[i], tokens[i], heads.kvHeadOf(head), sum);
    }
    return sum;
  }

  private double[] compressed(int token, int head) {
    BlockSelectionOracle blocks = selection.orElseThrow();
    double[] p = blocks.completeBlockWeights(token, head);
    double[] sum = new double[inputs.headDim()];
    for (int b = 0; b < p.length; b++) {
      add(p[b], blocks.meanValue(token, heads.kvHeadOf(head), b), sum);
    }
    return sum;
  }

  private double gate(int token, int head, int branch) {
    return inputs
        .gates()
        .map(g -> (double) g[(token * inputs.queryHeads() + head) * 3 + branch])
        .orElse(1.0);
  }

  private int[] blocks(int token, int head, int[] selected) {
    return chosenOf(selected, token * inputs.kvHeads() + heads.kvHeadOf(head));
  }

  private int[] chosenOf(int[] selected, int row) {
    int width = selectedWidth();
    return Arrays.stream(selected, row * width, (row + 1) * width)
        .takeWhile(block -> block != -1)
        .toArray();
  }

  private static int[] range(int first, int last) {
    int[] tokens = new int[last - first + 1];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = first + i;
    }
    return tokens;
  }

  private static void add(double weight, double[] x, double[] sum) {
    for (int d = 0; d < sum.length; d++) {
      sum[d] += weight * x[d];
    }
  }
}
