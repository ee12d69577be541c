package org.ssasuite.leaderboards.bench;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.speed.KernelTrial;

/**
 * What the machine can do with as many threads, and how near to it our two heaviest operators come.
 *
 * @param matrixRows rows of two square matrices
 * @param matrixProduct ONNX Runtime's MatMul of them, in GFLOP/s
 * @param copy of the host's memory that no cache holds, in GB/s, reading and writing both counted
 */
record Yardsticks(int matrixRows, double matrixProduct, double copy, List<Kernel> kernels) {
  private static final int ATTENTION_TOKENS = 8_192;
  private static final int HEAD_ROWS = 4_096;
  private static final int REPEATS = 7;
  private static final int COPIED_FLOATS = 1 << 25;
  private static final double BYTES_OF_A_COPY = 2.0 * Float.BYTES;

  Yardsticks {
    kernels = List.copyOf(kernels);
  }

  /** An operator at a model's shape. */
  record Kernel(String model, String operator, String shape, double rate) {}

  /** Measures; takes some seconds. */
  static Yardsticks measure(List<BenchPlan.Subject> subjects, RuntimeOptions options) {
    KernelTrial trial = KernelTrial.of(options, REPEATS);
    List<Kernel> kernels = new ArrayList<>();
    double product = trial.matrixProduct().rate();
    for (BenchPlan.Subject subject : subjects) {
      ModelConfig config = subject.checkpoint().config();
      String name = subject.checkpoint().name();
      double full =
          trial
              .fullAttention(
                  ATTENTION_TOKENS, config.queryHeads(), config.kvHeads(), config.headDim())
              .rate();
      kernels.add(
          new Kernel(
              name,
              "ssa.Attention, full",
              ATTENTION_TOKENS
                  + " tokens, "
                  + config.queryHeads()
                  + " heads over "
                  + config.kvHeads()
                  + " of "
                  + config.headDim(),
              full));
      double head = trial.tokenLogProb(HEAD_ROWS, config.vocabulary(), config.hidden()).rate();
      kernels.add(
          new Kernel(
              name,
              "ssa.TokenLogProb",
              HEAD_ROWS + " rows, " + config.vocabulary() + " ids, width " + config.hidden(),
              head));
    }
    return new Yardsticks(trial.matrixRows(), product, copyRate(options.threads()), kernels);
  }

  private static double copyRate(int threads) {
    int each = COPIED_FLOATS / threads;
    List<Long> nanos = new ArrayList<>();
    float[][] from = new float[threads][each];
    float[][] to = new float[threads][each];
    for (int i = 0; i <= REPEATS; i++) {
      long start = System.nanoTime();
      List<Thread> copying = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        float[] source = from[t];
        float[] target = to[t];
        Thread thread = new Thread(() -> System.arraycopy(source, 0, target, 0, each));
        thread.start();
        copying.add(thread);
      }
      copying.forEach(Yardsticks::join);
      nanos.add(System.nanoTime() - start);
    }
    Timings timings = new Timings(nanos.subList(1, nanos.size()));
    return timings.perSecond(BYTES_OF_A_COPY * each * threads) / 1e9;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while copying", e);
    }
  }
}
