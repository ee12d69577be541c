package org.ssasuite.leaderboards.train;

import java.util.Locale;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.FormulaAttention;
import org.ssasuite.trainer.attention.LibraryAttention;
import org.ssasuite.trainer.attention.NativeAttention;
import org.ssasuite.trainer.attention.TrainerLibrary;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.recipe.KernelChoice;
import org.ssasuite.trainer.recipe.Precision;
import picocli.CommandLine.Option;

/** The options of every command that computes gradients. Filled by the command line. */
final class TrainerFlags {
  /** Sums depend on the number, so a run may go on with it on a smaller machine; more only wait. */
  private static final int MAX_THREADS =
      Math.max(64, 4 * Runtime.getRuntime().availableProcessors());

  @Option(names = "--device", paramLabel = "D", description = "Where to compute: cpu or cuda.")
  private String device = "cpu";

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "Of matrix products and attention: fp32, bf16 (cuda), fp64 (cpu, slow)."
              + " Default: the recipe's, else fp32.")
  private Optional<String> precision = Optional.empty();

  @Option(
      names = "--attention",
      paramLabel = "A",
      description =
          "deterministic: the same bits each time; fast: whatever is fastest (cuda)."
              + " Default: the recipe's, else deterministic.")
  private Optional<String> attention = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the CPU. Default: all processors.")
  private int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());

  int threads() {
    return threads;
  }

  /** What was asked for, or else. */
  Precision precision(Precision otherwise) {
    return precision.map(p -> named("--precision", p, Precision.class)).orElse(otherwise);
  }

  /** What was asked for, or else. */
  KernelChoice choice(KernelChoice otherwise) {
    return attention.map(a -> named("--attention", a, KernelChoice.class)).orElse(otherwise);
  }

  /**
   * Where and how to compute.
   *
   * @throws BadInputException for what this machine or libtorch cannot do
   */
  Engine engine(Precision computed) {
    return engine(0, computed);
  }

  /**
   * The same on one of several devices.
   *
   * @param index which one
   * @throws BadInputException for what this machine or libtorch cannot do
   */
  Engine engine(int index, Precision computed) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new BadInputException("--threads", "must be 1 to " + MAX_THREADS + ", not " + threads);
    }
    return Engine.open(named("--device", device, ComputeDevice.class), index, computed, threads);
  }

  /**
   * The attention kernels of an engine: the native ones, on a device beside libtorch's, and for
   * fp64, which they have not, the dense formula.
   *
   * @throws BadInputException if the native library is absent
   */
  AttentionKernels kernels(Engine engine, KernelChoice choice) {
    if (engine.precision() == Precision.FP64) {
      return new FormulaAttention();
    }
    NativeAttention own = new NativeAttention(Isa.AUTO, threads);
    return engine.device() == ComputeDevice.CUDA
        ? new LibraryAttention(own, choice == KernelChoice.DETERMINISTIC)
        : own;
  }

  /** What a run's manifest calls the kernels: the native library's digest, and "fast" if so. */
  String attention(KernelChoice choice) {
    String digest = TrainerLibrary.find().require().digest();
    return choice == KernelChoice.FAST ? digest + " fast" : digest;
  }

  /** A constant by its name in lower case. */
  static <E extends Enum<E>> E named(String option, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw new BadInputException(option + " " + text, "is not known");
  }
}
