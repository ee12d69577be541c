package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.GraphBuilder;

/**
 * One ONNX Runtime session with our operators. Mutable and not thread-safe: one owner, one run at a
 * time. The session's options stay open as long as the session: closing them earlier would unload
 * the operator library under it.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtSession.SessionOptions options;
  private final OrtSession session;
  private final Map<String, OnnxTensorLike> weights;
  private final boolean onCuda;

  private OnnxSession(
      OrtSession.SessionOptions options,
      OrtSession session,
      Map<String, OnnxTensorLike> weights,
      boolean onCuda) {
    this.onCuda = onCuda;
    this.options = options;
    this.session = session;
    this.weights = weights;
  }

  /**
   * A weight: values in a direct buffer, and their shape, which is not to be changed.
   *
   * @param values a {@link FloatBuffer}, or bytes of numbers of the type
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Weight(Buffer values, GraphBuilder.Type type, long[] shape) {
    /** Of fp32. */
    public Weight(FloatBuffer values, long[] shape) {
      this(values, GraphBuilder.Type.FLOAT, shape);
    }

    private OnnxTensor tensor() throws OrtException {
      OrtEnvironment environment = OnnxEnvironment.get();
      if (values instanceof FloatBuffer floats) {
        return OnnxTensor.createTensor(environment, floats, shape);
      }
      return OnnxTensor.createTensor(environment, (ByteBuffer) values, shape, javaType());
    }

    private OnnxJavaType javaType() {
      return switch (type) {
        case FLOAT -> OnnxJavaType.FLOAT;
        case FLOAT16 -> OnnxJavaType.FLOAT16;
        case BFLOAT16 -> OnnxJavaType.BFLOAT16;
        case INT32, INT64, DOUBLE -> throw new IllegalArgumentException("weights of " + type);
      };
    }
  }

  /** Version of ONNX Runtime. */
  public static String version() {
    return OnnxEnvironment.get().getVersion();
  }

  /**
   * Loads a graph.
   *
   * @param weights by name; the buffers are used in place and must stay as they are
   * @throws BadInputException if the operator library is missing or cannot be loaded
   */
  public static OnnxSession open(byte[] model, Map<String, Weight> weights, RuntimeOptions with) {
    return open(model, weights, with, Optional.empty());
  }

  /**
   * Loads a graph, and may record how long each node takes until {@link #endProfile}.
   *
   * @param weights by name; the buffers are used in place and must stay as they are
   * @param profile how the record's file name begins
   * @throws BadInputException if the operator library is missing or cannot be loaded
   */
  public static OnnxSession open(
      byte[] model, Map<String, Weight> weights, RuntimeOptions with, Optional<Path> profile) {
    String library = OperatorLibrary.find().require().file().toString();
    // Before anything else of ONNX Runtime: registering operators would start it on this thread,
    // whose stack may be too small for that.
    OrtEnvironment environment = OnnxEnvironment.get();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();
    try {
      options.setIntraOpNumThreads(with.threads());
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      // Shapes differ from run to run, so a remembered layout of memory is of no use.
      options.setMemoryPatternOptimization(false);
      if (profile.isPresent()) {
        options.enableProfiling(profile.get().toString());
      }
      options.registerCustomOpLibrary(library);
      if (with.device() == Device.CUDA) {
        CudaProvider.addTo(options);
      }
      for (Map.Entry<String, Weight> weight : weights.entrySet()) {
        tensors.put(weight.getKey(), weight.getValue().tensor());
      }
      if (!tensors.isEmpty()) {
        options.addExternalInitializers(tensors);
      }
      return new OnnxSession(
          options,
          environment.createSession(model, options),
          tensors,
          with.device() == Device.CUDA);
    } catch (OrtException e) {
      tensors.values().forEach(OnnxTensorLike::close);
      options.close();
      throw with.device() == Device.CUDA
          ? CudaProvider.explained(e)
          : new BadInputException("ONNX Runtime", e.getMessage(), e);
    } catch (BadInputException e) {
      options.close();
      throw e;
    }
  }

  /** An fp32 tensor of this shape; the values are copied. */
  public static OnnxTensor tensor(float[] values, long... shape) {
    try {
      return OnnxTensor.createTensor(OnnxEnvironment.get(), FloatBuffer.wrap(values), shape);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An fp32 tensor of this shape over a direct buffer, which must stay as it is. */
  public static OnnxTensor tensorOver(FloatBuffer values, long... shape) {
    if (!values.isDirect()) {
      throw new IllegalArgumentException("values on the heap would be copied");
    }
    try {
      return OnnxTensor.createTensor(OnnxEnvironment.get(), values, shape);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An fp64 tensor of this shape; the values are copied. */
  public static OnnxTensor tensor(double[] values, long... shape) {
    try {
      return OnnxTensor.createTensor(OnnxEnvironment.get(), DoubleBuffer.wrap(values), shape);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An int64 tensor of one axis; the values are copied. */
  public static OnnxTensor tensor(long... values) {
    try {
      return OnnxTensor.createTensor(
          OnnxEnvironment.get(), LongBuffer.wrap(values), new long[] {values.length});
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An int64 tensor of two axes; the values are copied. */
  public static OnnxTensor table(long[] values, long rows, long columns) {
    try {
      return OnnxTensor.createTensor(
          OnnxEnvironment.get(), LongBuffer.wrap(values), new long[] {rows, columns});
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs the graph and hands its outputs to a reader; nothing of them is kept behind it.
   *
   * @throws OperatorFailedException if an operator refuses or memory runs out
   * @throws BadInputException if a device's memory runs out; says what was needed
   */
  public <T> T run(Map<String, OnnxTensor> inputs, Set<String> outputs, ResultReader<T> reader) {
    try (OrtSession.Result result = session.run(inputs, outputs)) {
      return reader.read(new Outputs(result));
    } catch (OrtException e) {
      Optional<BadInputException> lack = onCuda ? CudaProvider.lackOfMemory(e) : Optional.empty();
      throw lack.isPresent() ? lack.get() : new OperatorFailedException(e.getMessage(), e);
    }
  }

  /**
   * Ends the record that the session was opened with.
   *
   * @return its file: a JSON array of events in Chrome's trace format
   */
  public Path endProfile() {
    try {
      return Path.of(session.endProfiling());
    } catch (OrtException e) {
      throw new IllegalStateException("the session keeps no profile", e);
    }
  }

  /** Reads a run's outputs while they are there. */
  public interface ResultReader<T> {
    /** Takes what it needs; the outputs are gone afterwards. */
    T read(Outputs outputs);
  }

  /** The outputs of one run. */
  public record Outputs(OrtSession.Result result) {
    /** An output's values, copied. */
    public float[] floats(String name) {
      FloatBuffer values = tensor(name).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }

    /** An output's values, copied. */
    public double[] doubles(String name) {
      DoubleBuffer values = tensor(name).getDoubleBuffer();
      double[] copy = new double[values.remaining()];
      values.get(copy);
      return copy;
    }

    /** An output's values, copied. */
    public int[] ints(String name) {
      IntBuffer values = tensor(name).getIntBuffer();
      int[] copy = new int[values.remaining()];
      values.get(copy);
      return copy;
    }

    /** An output's values, copied. */
    public long[] longs(String name) {
      LongBuffer values = tensor(name).getLongBuffer();
      long[] copy = new long[values.remaining()];
      values.get(copy);
      return copy;
    }

    /** An output's shape. */
    public long[] shape(String name) {
      return tensor(name).getInfo().getShape();
    }

    private OnnxTensor tensor(String name) {
      return (OnnxTensor)
          result.get(name).orElseThrow(() -> new IllegalArgumentException("no output " + name));
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      weights.values().forEach(OnnxTensorLike::close);
      options.close();
    }
  }
}
