package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/** ONNX Runtime's CUDA provider: whether it works here, and how sessions use it. */
public final class CudaProvider {
  private static final String SUBJECT = "--device cuda";

  private static final int LEAST_CAPABILITY = 80;

  /** Libraries whose number is the CUDA version's. */
  private static final Pattern CUDA_VERSION =
      Pattern.compile("lib(?:cudart|cublas|cublasLt)\\.so\\.(\\d+).*");

  /** What the loader says of a library that it does not find. */
  private static final Pattern LIBRARY = Pattern.compile("(lib[\\w.+-]+\\.so[.\\d]*): cannot open");

  /** What the provider's allocator says. */
  private static final Pattern ALLOCATION = Pattern.compile("requested buffer of size (\\d+)");

  /** How the operators begin to say that there is not enough. */
  private static final String OUT_OF_MEMORY = "out of device memory";

  private static final String BUILD =
      "build with 'mvn -Ponnxruntime_gpu clean package -DskipTests' where nvcc is found (a toolkit"
          + " of CUDA 12.4 or newer)";

  private CudaProvider() {}

  /** Whether a model can run on the first CUDA device. */
  public sealed interface Availability permits Present, Absent {}

  /** It can. */
  public record Present(PagePool.CudaDevice device) implements Availability {
    public Present {
      Objects.requireNonNull(device);
    }
  }

  /**
   * It cannot.
   *
   * @param built whether this build was meant to: it has ONNX Runtime's provider
   */
  public record Absent(boolean built, String cause, String remedy) implements Availability {
    public Absent {
      Objects.requireNonNull(cause);
      Objects.requireNonNull(remedy);
    }

    private BadInputException exception() {
      return new BadInputException(SUBJECT, cause + "; " + remedy);
    }
  }

  /**
   * Looks for everything that it takes, before anything large is read.
   *
   * @throws BadInputException if something is missing; says what, and how to get it
   */
  public static void require() {
    if (find() instanceof Absent absent) {
      throw absent.exception();
    }
  }

  /** Looks for everything that it takes, and loads it. */
  public static Availability find() {
    OnnxEnvironment.get();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return new Absent(false, "this build has ONNX Runtime for the CPU", BUILD);
    }
    PagePool.CudaDevice device;
    try {
      device = PagePool.cudaDevice();
    } catch (OperatorFailedException | BadInputException e) {
      return new Absent(true, fact(e), "an NVIDIA GPU and its driver are needed; " + BUILD);
    }
    if (device.computeCapability() < LEAST_CAPABILITY) {
      return new Absent(
          true,
          device.name() + " has compute capability " + device.computeCapability() / 10.0,
          "the kernels need 8.0 or newer");
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      load(options);
      return new Present(device);
    } catch (OrtException e) {
      return absence(e);
    }
  }

  /**
   * How a session is to use it: sums in fp32 (no tf32), memory taken as asked for.
   *
   * @throws BadInputException if it cannot be loaded; says what is missing and how to get it
   */
  static void addTo(OrtSession.SessionOptions options) {
    try {
      load(options);
    } catch (OrtException e) {
      throw absence(e).exception();
    }
  }

  private static void load(OrtSession.SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
      cuda.add("use_tf32", "0");
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      options.addCUDA(cuda);
    }
  }

  private static Absent absence(OrtException e) {
    String fact = fact(e);
    Matcher library = LIBRARY.matcher(fact);
    if (library.find()) {
      return missing(library.group(1));
    }
    return fact.toLowerCase(Locale.ROOT).contains("provider")
        ? new Absent(
            true,
            fact,
            "the folder of ONNX Runtime's natives ("
                + System.getProperty(OnnxNatives.PATH, "in its jar")
                + ") needs libonnxruntime_providers_cuda.so and _shared.so of the same build")
        : new Absent(true, fact, "'nvidia-smi' says whether the driver works");
  }

  private static Absent missing(String library) {
    String cause =
        "ONNX Runtime's CUDA provider needs "
            + library
            + ", which the system's loader does not find";
    Matcher version = CUDA_VERSION.matcher(library);
    String libraries =
        version.matches()
            ? "the libraries of CUDA " + version.group(1)
            : "the libraries of the CUDA version that ONNX Runtime's natives are built for, and cuDNN"
                + " 9,";
    String other =
        OnnxNatives.areUsers()
            ? ""
            : "; ONNX Runtime's package is built for CUDA 12: for another version have"
                + " JAVA_TOOL_OPTIONS=-D"
                + OnnxNatives.PATH
                + "=DIR name a folder with the libraries of a build of "
                + OnnxSession.version()
                + " for it";
    return new Absent(
        true, cause, "install " + libraries + " and name their folders in LD_LIBRARY_PATH" + other);
  }

  /** The first line of a failure, without ONNX Runtime's words around it. */
  private static String fact(Exception e) {
    String message = String.valueOf(e.getMessage());
    for (String before : List.of("Status Message: ", " - message: ")) {
      int at = message.indexOf(before);
      if (at >= 0) {
        message = message.substring(at + before.length());
        break;
      }
    }
    return message.lines().findFirst().orElse(message);
  }

  /** What a session that could not be made means. */
  static BadInputException explained(OrtException e) {
    return new BadInputException(SUBJECT, outOfMemory(e).orElseGet(() -> fact(e)), e);
  }

  /** What a failed run means; absent if that is for the operators to say. */
  static Optional<BadInputException> lackOfMemory(OrtException e) {
    return outOfMemory(e).map(fact -> new BadInputException(SUBJECT, fact, e));
  }

  /** How much was needed and how much there is, if that is what failed. */
  private static Optional<String> outOfMemory(OrtException e) {
    String message = String.valueOf(e.getMessage());
    int told = message.indexOf(OUT_OF_MEMORY);
    if (told >= 0) {
      return message.substring(told).lines().findFirst();
    }
    Matcher allocation = ALLOCATION.matcher(message);
    if (allocation.find()) {
      return Optional.of(
          lack(String.format(Locale.ROOT, "%,d MiB", mebibytes(allocation.group(1)))));
    }
    return message.contains("out of memory") || message.contains("ALLOC_FAILED")
        ? Optional.of(lack("some"))
        : Optional.empty();
  }

  private static long mebibytes(String bytes) {
    return Long.parseLong(bytes) >> 20;
  }

  private static String lack(String needed) {
    String fact = OUT_OF_MEMORY + ": " + needed + " more are needed";
    try {
      PagePool.CudaDevice device = PagePool.cudaDevice();
      return fact
          + String.format(
              Locale.ROOT,
              ", %,d of %,d MiB are free",
              device.freeBytes() >> 20,
              device.allBytes() >> 20);
    } catch (OperatorFailedException | BadInputException noDevice) {
      return fact;
    }
  }
}
