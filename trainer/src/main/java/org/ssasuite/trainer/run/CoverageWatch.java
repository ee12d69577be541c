package org.ssasuite.trainer.run;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchGradients;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.AttentionBackward;
import org.ssasuite.trainer.model.AttentionWatch;

/**
 * Measures {@link Coverage} in a step: for some queries of the first row, in one layer, the kernels
 * go back with the step's own gradient of that query's output and nothing else; a key whose key or
 * value vector then has a gradient that is not 0, in any branch of any stream, is reached. Mutable;
 * for one step, and for its first micro-batch.
 */
final class CoverageWatch implements AttentionWatch {
  private static final int QUERIES = 4;

  private final int layer;
  private final Probe[] probes;

  /** What is known of one query: [H][keys up to it]. */
  private static final class Probe {
    private final int query;
    private double[][] weights = new double[0][];
    private boolean[][] reached = new boolean[0][];

    Probe(int query) {
      this.query = query;
    }
  }

  /**
   * A watch that has seen nothing yet.
   *
   * @param layer that is looked at
   * @param tokens of a row
   */
  CoverageWatch(int layer, int tokens) {
    this.layer = layer;
    this.probes =
        IntStream.rangeClosed(1, Math.min(QUERIES, tokens))
            .mapToObj(i -> new Probe((int) ((long) tokens * i / Math.min(QUERIES, tokens)) - 1))
            .toArray(Probe[]::new);
  }

  @Override
  public void seen(int at, AttentionBackward call, AttentionKernels kernels) {
    if (at == layer) {
      for (Probe probe : probes) {
        TensorScope.run(() -> look(probe, call, kernels));
      }
    }
  }

  private static void look(Probe probe, AttentionBackward call, AttentionKernels kernels) {
    if (probe.weights.length == 0) {
      probe.weights = weights(probe.query, call.q(), call.k());
      probe.reached = new boolean[probe.weights.length][probe.query + 1];
    }
    Tensor alone = torch.zeros_like(call.gradient());
    alone.narrow(0, probe.query, 1).copy_(call.gradient().narrow(0, probe.query, 1));
    BranchGradients gradients = call.with(kernels, alone);
    double[] sizes =
        Engine.doubles(
            size(gradients.dk()).add(size(gradients.dv())).narrow(0, 0, probe.query + 1));
    int heads = probe.reached.length;
    for (int i = 0; i < sizes.length; i++) {
      probe.reached[i % heads][i / heads] |= sizes[i] != 0;
    }
  }

  /** [T, H]: the largest element of each vector. */
  private static Tensor size(Tensor x) {
    return x.abs().to(ScalarType.Double).amax(new long[] {2}, false);
  }

  /** Full attention's weights of a query, summed over the query heads of each KV head. */
  private static double[][] weights(int query, Tensor q, Tensor k) {
    long heads = k.size(1);
    long headDim = k.size(2);
    Tensor own = q.narrow(0, query, 1).to(ScalarType.Double).view(heads, -1, headDim);
    Tensor keys = k.narrow(0, 0, query + 1).to(ScalarType.Double).permute(1, 2, 0);
    Tensor scores = own.matmul(keys).div(new Scalar(Math.sqrt((double) headDim)));
    double[] flat = Engine.doubles(torch.softmax(scores, 2).sum(1).contiguous());
    double[][] weights = new double[(int) heads][];
    for (int h = 0; h < heads; h++) {
      weights[h] = Arrays.copyOfRange(flat, h * (query + 1), (h + 1) * (query + 1));
    }
    return weights;
  }

  /** What was seen. */
  Coverage coverage() {
    Coverage.Count count = new Coverage.Count();
    for (Probe probe : probes) {
      for (int h = 0; h < probe.weights.length; h++) {
        double[] weights = probe.weights[h];
        int[] byWeight =
            IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> weights[j]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        for (int rank = 0; rank < byWeight.length; rank++) {
          count.add(rank, probe.reached[h][byWeight[rank]]);
        }
      }
    }
    return count.coverage();
  }
}
