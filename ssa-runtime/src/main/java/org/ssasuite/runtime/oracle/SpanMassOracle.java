package org.ssasuite.runtime.oracle;

import java.util.Arrays;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.operator.AttentionInputs;

/**
 * The mass on a stretch of keys in fp64, from its definition: the whole row of full attention's
 * weights a(t, j), j ≤ t, is made, in every mode, and summed over the stretch; attended is the same
 * sum over the tokens that the mode attends to: all, those of the selected blocks, or with three
 * branches those of the selected blocks or the window.
 */
public final class SpanMassOracle {
  private final AttentionInputs inputs;
  private final RotatedHeads heads;
  private final int[] selected;

  /**
   * For inputs of a call.
   *
   * @param selected [T, H, width] the blocks that the call chose; empty in full mode
   */
  public SpanMassOracle(AttentionInputs inputs, int[] selected) {
    this.inputs = inputs;
    this.heads = new RotatedHeads(inputs);
    this.selected = selected;
  }

  /**
   * Mass and attended mass of one query.
   *
   * @param token of the call
   * @param from first key, by position within the token's sequence
   * @param to the one behind the last
   */
  public double[] of(int token, int head, int from, int to) {
    int start = heads.sequenceStart(token);
    double[] scores = new double[token - start + 1];
    for (int j = 0; j < scores.length; j++) {
      scores[j] = heads.score(token, head, start + j);
    }
    double[] a = Softmax.of(scores);
    double mass = 0;
    double attended = 0;
    for (int j = from; j < Math.min(to, a.length); j++) {
      mass += a[j];
      attended += attends(token, token - start, heads.kvHeadOf(head), j) ? a[j] : 0;
    }
    return new double[] {mass, attended};
  }

  private boolean attends(int token, int position, int kvHead, int key) {
    AttentionMode mode = inputs.mode();
    if (mode instanceof Full) {
      return true;
    }
    boolean inWindow = mode instanceof ThreeBranch three && key > position - three.window();
    int size =
        mode instanceof BlockSparse sparse ? sparse.blockSize() : ((ThreeBranch) mode).blockSize();
    int width = selected.length / (inputs.tokens() * inputs.kvHeads());
    int row = (token * inputs.kvHeads() + kvHead) * width;
    return inWindow
        || Arrays.stream(selected, row, row + width).anyMatch(block -> block == key / size);
  }
}
