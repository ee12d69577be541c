package org.ssasuite.runtime.speed;

import java.util.List;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;

/**
 * Single operators under the clock, on random inputs of which nothing is copied while it runs: ONNX
 * Runtime's matrix product as the machine's yardstick, and our own beside it.
 */
public interface KernelTrial {
  /**
   * A trial on the device of the options, in their precision.
   *
   * @param repeats timed runs, after one that is not
   */
  static KernelTrial of(RuntimeOptions options, int repeats) {
    SessionTimer timer = new SessionTimer(options, repeats);
    return options.device() == Device.CPU ? new CpuKernelTrial(timer) : new CudaKernelTrial(timer);
  }

  /**
   * What an operator did in one run and how long the runs took.
   *
   * @param flop floating-point operations of a run, a multiply-add counted as two
   */
  record Timed(double flop, List<Long> nanos) {
    public Timed {
      nanos = List.copyOf(nanos);
    }

    /** In GFLOP/s, of the median run. */
    public double rate() {
      List<Long> sorted = nanos.stream().sorted().toList();
      return flop / sorted.get(sorted.size() / 2);
    }
  }

  /** Rows of the square matrices of {@link #matrixProduct}. */
  int matrixRows();

  /** ONNX Runtime's MatMul of two square matrices, the second a weight: 2 n³ operations. */
  Timed matrixProduct();

  /**
   * A model's product: so many rows of {@code in} features with a weight that makes {@code out} of
   * them, 2 · rows · in · out operations. On a CUDA device, where its size matters little, one of
   * square matrices.
   */
  Timed product(int rows, int in, int out);

  /**
   * Our attention in full mode over one sequence: 2 T² HQ D operations, as a token attends to half
   * of the tokens on average.
   */
  Timed fullAttention(int tokens, int queryHeads, int kvHeads, int headDim);

  /** {@code ssa.TokenLogProb}: 2 T V E operations. */
  Timed tokenLogProb(int rows, int vocabulary, int width);
}
