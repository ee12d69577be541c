package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.OperatorGraph;

/**
 * Pages of the key/value cache, whose memory the operator library owns. A page gets memory when it
 * or, on a device, one of its neighbours is first written, and keeps it until the pool is closed.
 * Mutable outside of Java: one owner.
 */
public final class PagePool implements AutoCloseable {
  private static final long CREATE = 0;
  private static final long REPORT = 1;
  private static final long DESTROY = 2;
  private static final long DEVICE = 3;
  private static final long INSTRUCTION_SET = 4;
  private static final long CUDA_LIMITS = 5;

  /** Where a device's name begins in what is told of it. */
  private static final int NAME_WORD = 5;

  private static final AtomicLong NEXT_ID = new AtomicLong();

  private final long id;
  private final OnnxSession session;

  private PagePool(long id, OnnxSession session) {
    this.id = id;
    this.session = session;
  }

  /**
   * What a page holds, per token: a key and a value per layer and KV head.
   *
   * @param valueSums whether sums of values are kept too, for NSA's compressed branch
   */
  public record Shape(int layers, int kvHeads, int headDim, boolean valueSums) {}

  /**
   * What a pool takes, and how the selections on its pages came about since it was made.
   *
   * @param pages pages that have memory
   * @param bytes of all of them
   * @param proved (token, KV head, layer) triples whose blocks were chosen in fp32 with a proof
   * @param exact those whose blocks had to be chosen in fp64
   */
  public record Report(long pages, long bytes, long proved, long exact) {}

  /**
   * The CUDA device and its memory.
   *
   * @param name as NVIDIA calls it
   * @param driver CUDA version that the driver brings, 1000 major + 10 minor
   * @param kernels CUDA version that the operators were built with
   * @param computeCapability 10 major + minor
   * @param freeBytes of its memory
   * @param allBytes of its memory
   */
  public record CudaDevice(
      String name, int driver, int kernels, int computeCapability, long freeBytes, long allBytes) {
    /** What of it can change a result. */
    public String text() {
      return name
          + ", compute capability "
          + computeCapability / 10
          + "."
          + computeCapability % 10
          + ", driver for CUDA "
          + version(driver)
          + ", kernels of CUDA "
          + version(kernels);
    }

    private static String version(int cuda) {
      return cuda / 1000 + "." + cuda % 1000 / 10;
    }
  }

  /**
   * The first CUDA device.
   *
   * @throws OperatorFailedException if there is none, or the operators have no CUDA kernels; says
   *     why
   */
  public static CudaDevice cudaDevice() {
    RuntimeOptions host = RuntimeOptions.cpu(1);
    try (OnnxSession session = OnnxSession.open(OperatorGraph.pool(), Map.of(), host)) {
      long[] told = words(session, DEVICE);
      return new CudaDevice(
          name(told), (int) told[0], (int) told[1], (int) told[2], told[3], told[4]);
    }
  }

  /** The instruction set that operators on the CPU compute with where they are asked for one. */
  public static Isa resolved(Isa asked) {
    if (asked != Isa.AUTO) {
      return asked;
    }
    RuntimeOptions host = RuntimeOptions.cpu(1);
    try (OnnxSession session = OnnxSession.open(OperatorGraph.pool(), Map.of(), host)) {
      return switch ((int) words(session, INSTRUCTION_SET)[0]) {
        case 1 -> Isa.AVX512;
        case 2 -> Isa.AVX2;
        default -> Isa.SCALAR;
      };
    }
  }

  /** What the CUDA kernels have a shape for, by the operator library, which need not have them. */
  public static CudaShapes cudaShapes() {
    RuntimeOptions host = RuntimeOptions.cpu(1);
    try (OnnxSession session = OnnxSession.open(OperatorGraph.pool(), Map.of(), host)) {
      return CudaShapes.of(words(session, CUDA_LIMITS));
    }
  }

  /** The bytes behind the numbers, up to the first that is 0. */
  private static String name(long[] told) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * told.length).order(ByteOrder.nativeOrder());
    bytes.asLongBuffer().put(told);
    bytes.position(NAME_WORD * Long.BYTES);
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (byte b = bytes.get(); b != 0 && bytes.hasRemaining(); b = bytes.get()) {
      name.write(b);
    }
    return name.toString(StandardCharsets.UTF_8);
  }

  /**
   * A pool without any memory yet, where the options have their tensors.
   *
   * @throws OperatorFailedException if it is to lie on a device and the operators have no CUDA
   *     kernels
   */
  public static PagePool create(Shape shape, int mostPages, RuntimeOptions options) {
    // Commands are obeyed on the host, wherever the pages lie.
    RuntimeOptions host = RuntimeOptions.cpu(1);
    OnnxSession session = OnnxSession.open(OperatorGraph.pool(), Map.of(), host);
    PagePool pool = new PagePool(NEXT_ID.getAndIncrement(), session);
    try {
      pool.command(
          CREATE,
          pool.id,
          shape.layers(),
          shape.kvHeads(),
          shape.headDim(),
          shape.valueSums() ? 1 : 0,
          mostPages,
          format(options));
      return pool;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** The pages' format, as the operator numbers it. */
  private static long format(RuntimeOptions options) {
    if (options.device() == Device.CPU) {
      return 0;
    }
    return switch (options.precision()) {
      case FP32 -> 1;
      case FP16 -> 2;
      case BF16 -> 3;
    };
  }

  /** The number that attention nodes name it by. */
  public long id() {
    return id;
  }

  public Report report() {
    return command(REPORT, id);
  }

  private Report command(long... words) {
    long[] report = words(session, words);
    return new Report(report[0], report[1], report[3], report[4]);
  }

  private static long[] words(OnnxSession session, long... command) {
    try (OnnxTensor tensor = OnnxSession.tensor(command)) {
      return session.run(
          Map.of("command", tensor), Set.of("report"), outputs -> outputs.longs("report"));
    }
  }

  @Override
  public void close() {
    command(DESTROY, id);
    session.close();
  }
}
