package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/** ONNX Runtime's CUDA provider: whether it is there, and how sessions use it. */
public final class CudaProvider {
  private static final String SUBJECT = "--device cuda";
  private static final Pattern LIBRARY = Pattern.compile("(lib[\\w.+-]+\\.so[.\\d]*): cannot open");
  private static final Pattern ALLOCATION = Pattern.compile("requested buffer of size (\\d+)");

  private CudaProvider() {}

  /**
   * How a session is to use it: sums in fp32 (no tf32), memory taken as asked for.
   *
   * @throws BadInputException if it cannot be loaded; says what is missing and how to get it
   */
  static void addTo(OrtSession.SessionOptions options) {
    requireBuilt();
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
      cuda.add("use_tf32", "0");
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      options.addCUDA(cuda);
    } catch (OrtException e) {
      throw explained(e);
    }
  }

  private static void requireBuilt() {
    OnnxEnvironment.get();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new BadInputException(
          SUBJECT,
          "this build has ONNX Runtime for the CPU; build with"
              + " 'mvn -Ponnxruntime_gpu package -DskipTests'");
    }
  }

  /** What a failure means, and what helps. */
  static BadInputException explained(OrtException e) {
    String message = String.valueOf(e.getMessage());
    Matcher library = LIBRARY.matcher(message);
    if (library.find()) {
      return new BadInputException(SUBJECT, missing(library.group(1)), e);
    }
    Matcher allocation = ALLOCATION.matcher(message);
    if (allocation.find()) {
      return new BadInputException(SUBJECT, outOfMemory(allocation.group(1)), e);
    }
    return new BadInputException(SUBJECT, message.lines().findFirst().orElse(message), e);
  }

  private static String missing(String library) {
    String cuda =
        library.matches(".*\\.so\\.(13|14)")
            ? "CUDA 13 and cuDNN 9"
            : "CUDA 12 and cuDNN 9 (for CUDA 13 put a build of ONNX Runtime "
                + OnnxSession.version()
                + " for it into a folder and name that with -Donnxruntime.native.path=DIR)";
    return "ONNX Runtime's CUDA provider needs "
        + library
        + ", which is not found; install "
        + cuda
        + " and have LD_LIBRARY_PATH name the folders with their libraries";
  }

  /** Says what was needed beside what the device has. */
  static String outOfMemory(String bytes) {
    String has;
    try {
      PagePool.CudaDevice device = PagePool.cudaDevice();
      has =
          String.format(
              Locale.ROOT,
              "; %,d MiB of %,d are free",
              device.freeBytes() >> 20,
              device.allBytes() >> 20);
    } catch (OperatorFailedException e) {
      has = "";
    }
    return "out of device memory: "
        + String.format(Locale.ROOT, "%,d MiB", Long.parseLong(bytes) >> 20)
        + " more are needed"
        + has
        + "; a shorter --chunk, a smaller --batch or another --precision needs less";
  }

  /** What a failed run means. */
  static String explainedRun(String message) {
    Matcher allocation = ALLOCATION.matcher(message);
    return allocation.find() ? outOfMemory(allocation.group(1)) : message;
  }

  /**
   * Tries a session on it.
   *
   * @return what there is, in words
   * @throws BadInputException if there is none; says what is missing and how to get it
   */
  public static String examine() {
    requireBuilt();
    PagePool.CudaDevice device;
    try {
      device = PagePool.cudaDevice();
    } catch (OperatorFailedException e) {
      throw new BadInputException(SUBJECT, e.getMessage(), e);
    }
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    try (options) {
      addTo(options);
    }
    return String.format(
        Locale.ROOT,
        "compute capability %d.%d, %,d of %,d MiB free, driver for CUDA %d.%d, kernels of CUDA %d.%d",
        device.computeCapability() / 10,
        device.computeCapability() % 10,
        device.freeBytes() >> 20,
        device.allBytes() >> 20,
        device.driver() / 1000,
        device.driver() % 1000 / 10,
        device.kernels() / 1000,
        device.kernels() % 1000 / 10);
  }
}
