package org.ssasuite.leaderboards.program;

import java.util.List;
import java.util.stream.IntStream;
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

  private static final String DEVICE = "cpu";
  private static final String PRECISION = "fp32";

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to compute: cpu or cuda ('ssa doctor' says what that needs).")
  private String device = DEVICE;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "Arithmetic: fp32; with --device cuda also bf16 and fp16. Default: fp32.")
  private String precision = PRECISION;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads; never changes a result. More than four for each processor are not started."
              + " Default: all processors.")
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
    return options(isa, "--device", device, "--precision", precision);
  }

  /**
   * What the runtime is told of each of two sides.
   *
   * @param devices of the sides; empty: that of both
   * @param precisions of the sides; empty: that of both
   * @throws BadInputException for what there is not, or not here, or if one device or number format
   *     is named beside two
   */
  public List<RuntimeOptions> sides(List<String> devices, List<String> precisions) {
    List<String> where = pair("--device", device, DEVICE, devices);
    List<String> format = pair("--precision", precision, PRECISION, precisions);
    String deviceOption = devices.isEmpty() ? "--device" : "--devices";
    String precisionOption = precisions.isEmpty() ? "--precision" : "--precisions";
    return IntStream.range(0, 2)
        .mapToObj(
            i -> options(Isa.AUTO, deviceOption, where.get(i), precisionOption, format.get(i)))
        .toList();
  }

  private static List<String> pair(String option, String one, String unasked, List<String> two) {
    if (two.isEmpty()) {
      return List.of(one, one);
    }
    if (!one.equals(unasked)) {
      throw new BadInputException(option + " " + one, "stands beside " + option + "s");
    }
    if (two.size() != 2) {
      throw new BadInputException(
          option + "s " + String.join(",", two), "must name two: one of A, one of B");
    }
    return two;
  }

  private RuntimeOptions options(
      Isa isa, String deviceOption, String device, String precisionOption, String precision) {
    Device where = Choice.of(deviceOption, device, Device.values(), Device::text);
    Precision format = Choice.of(precisionOption, precision, Precision.values(), Precision::text);
    if (where == Device.CPU && format != Precision.FP32) {
      throw new BadInputException(precisionOption + " " + precision, "needs --device cuda");
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
