package org.ssasuite.leaderboards.program;

import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.onnx.CudaProvider;
import picocli.CommandLine.Option;

/** The options of every command that computes. Filled by the command line. */
public final class EngineFlags {
  private static final int MAX_THREADS = 1024;
  private static final int THREADS_PER_PROCESSOR = 4;

  /** What a machine with one or two processors still takes, for comparisons. */
  private static final int LEAST_LIMIT = 8;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to compute: cpu or cuda ('ssa doctor' says what that needs).")
  private String device = "cpu";

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "Arithmetic: fp32; with --device cuda also bf16 and fp16. Default: fp32.")
  private String precision = "fp32";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "Threads; never changes a result. More than four for each processor are not started.",
        "Default: all processors."
      })
  private int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());

  /** They wait for each other busily: 1,024 on two processors took forty times as long as two. */
  private static int useful() {
    return Math.max(
        LEAST_LIMIT, THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
  }

  /**
   * What the runtime is told.
   *
   * @throws BadInputException for what there is not, or not here; says how to get it
   */
  public RuntimeOptions options(Isa isa) {
    Device where = Choice.of("--device", device, Device.values(), Device::text);
    Precision format = Choice.of("--precision", precision, Precision.values(), Precision::text);
    if (where == Device.CPU && format != Precision.FP32) {
      throw new BadInputException("--precision " + precision, "needs --device cuda");
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new BadInputException("--threads", "must be 1 to " + MAX_THREADS + ", not " + threads);
    }
    if (where == Device.CUDA) {
      CudaProvider.require();
    }
    return new RuntimeOptions(Math.min(threads, useful()), where, format, isa);
  }
}
