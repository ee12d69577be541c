package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.PackedLibrary;

/** The process's one ONNX Runtime environment. */
final class OnnxEnvironment {
  /**
   * When ONNX Runtime 1.29 starts it looks through the process's command line with a recursion as
   * deep as that is long, and overruns the stack of an ordinary thread from some 8,000 characters
   * on, which ends the process without a word. A command line has 2 MiB at most; of the stack only
   * what is used takes memory.
   */
  private static final long STACK_BYTES = 1L << 30;

  private static OrtEnvironment environment;

  private OnnxEnvironment() {}

  /**
   * Starts ONNX Runtime at the first call.
   *
   * @throws BadInputException if it cannot be loaded here, or only with its telemetry; says why
   */
  static synchronized OrtEnvironment get() {
    if (environment == null) {
      // Loading it switches off what ONNX Runtime would write and send (abi/jvm.cc), which cannot
      // be done once that has started.
      PackedLibrary.load(OperatorLibrary.find().require().file());
      OnnxNatives.locate();
      environment = start();
      OnnxNatives.removeTemporaryFolder();
    }
    return environment;
  }

  private static OrtEnvironment start() {
    FutureTask<OrtEnvironment> creation = new FutureTask<>(new Start());
    new Thread(null, creation, "onnxruntime start", STACK_BYTES).start();
    try {
      return creation.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ONNX Runtime was starting", e);
    }
  }

  /** Its classes cannot be initialised: the cause at the bottom is the system's. */
  private static RuntimeException failure(Throwable failure) {
    if (!(failure instanceof LinkageError)) {
      return new IllegalStateException("ONNX Runtime does not start: " + failure, failure);
    }
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new BadInputException(
        "ONNX Runtime", "cannot be loaded: " + cause + "; " + PackedLibrary.remedy(), failure);
  }

  /** In a class of its own: the other thread must not wait for this one's initialisation. */
  private static final class Start implements Callable<OrtEnvironment> {
    @Override
    public OrtEnvironment call() {
      // Errors come as exceptions; the library's own log of them would only repeat them on stderr.
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "ssa-suite");
    }
  }
}
