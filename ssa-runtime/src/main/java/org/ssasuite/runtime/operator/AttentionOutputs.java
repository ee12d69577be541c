package org.ssasuite.runtime.operator;

/**
 * What the attention operator gives. The arrays are not copied and must not be changed.
 *
 * @param out [T, HQ, D]
 * @param selectedWidth the block count of the mode; 0 in full mode
 * @param selected [T, H, selectedWidth] block numbers within the sequence, ascending, then −1
 */
// Arrays on purpose: native code fills them. Nothing compares outputs by value.
@SuppressWarnings("ArrayRecordComponent")
public record AttentionOutputs(float[] out, int selectedWidth, int[] selected) {
  public AttentionOutputs {
    if (out.length == 0) {
      throw new IllegalArgumentException("out [T, HQ, D] cannot have 0 values");
    }
    boolean fits =
        selectedWidth == 0
            ? selected.length == 0
            : selectedWidth > 0 && selected.length > 0 && selected.length % selectedWidth == 0;
    if (!fits) {
      throw new IllegalArgumentException(
          "selected [T, H, " + selectedWidth + "] cannot have " + selected.length + " values");
    }
  }
}
