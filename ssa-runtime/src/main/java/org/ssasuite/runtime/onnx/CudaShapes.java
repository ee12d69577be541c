package org.ssasuite.runtime.onnx;

import java.util.Arrays;
import java.util.List;

/**
 * What the CUDA kernels have a shape for.
 *
 * @param mostGroup query heads per KV head
 * @param mostBlocks that a query selects
 * @param widthMultiple what hidden widths are multiples of
 * @param mostWidth the largest hidden width
 * @param feedMultiple what feed-forward widths are multiples of
 * @param headDims all there are, ascending
 */
public record CudaShapes(
    int mostGroup,
    int mostBlocks,
    int widthMultiple,
    int mostWidth,
    int feedMultiple,
    List<Integer> headDims) {
  private static final int NUMBERS = 5;

  public CudaShapes {
    headDims = List.copyOf(headDims);
  }

  static CudaShapes of(long[] told) {
    return new CudaShapes(
        (int) told[0],
        (int) told[1],
        (int) told[2],
        (int) told[3],
        (int) told[4],
        Arrays.stream(told, NUMBERS, told.length).mapToObj(Math::toIntExact).toList());
  }
}
