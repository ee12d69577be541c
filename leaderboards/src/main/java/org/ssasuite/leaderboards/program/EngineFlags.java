package org.ssasuite.leaderboards.program;

import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.Device;
import org.ssasuite.runtime.Isa;
import org.ssasuite.runtime.Precision;
import org.ssasuite.runtime.RuntimeOptions;
import picocli.CommandLine.Option;

/** The options of every command that computes. Filled by the command line. */
public final class EngineFlags {
  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to compute: cpu (the only one in this version).")
  private String device = "cpu";

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "Arithmetic: fp32 (the only one in this version).")
  private String precision = "fp32";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; never changes a result. Default: all processors.")
  private int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());

  /**
   * What the runtime is told.
   *
   * @throws BadInputException for what this version cannot do
   */
  public RuntimeOptions options(Isa isa) {
    require("--device", device, "cpu");
    require("--precision", precision, "fp32");
    if (threads < 1 || threads > MAX_THREADS) {
      throw new BadInputException("--threads", "must be 1 to " + MAX_THREADS + ", not " + threads);
    }
    return new RuntimeOptions(threads, Device.CPU, Precision.FP32, isa);
  }

  private static void require(String option, String given, String only) {
    if (!given.equals(only)) {
      throw new BadInputException(option + " " + given, "this version knows " + only + " only");
    }
  }
}
