package org.ssasuite.trainer.engine;

import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.recipe.Precision;

/**
 * Where libtorch computes and in which number formats. Master weights, gradients, the residual
 * stream, norms, softmax statistics and losses are fp32 (fp64 under {@link Precision#FP64}); the
 * inputs of matrix products and of attention are of the precision that was asked for.
 *
 * @param index which one of the host's devices
 * @param threads of the CPU
 */
public record Engine(ComputeDevice device, int index, Precision precision, int threads) {
  public Engine {
    Objects.requireNonNull(device);
    Objects.requireNonNull(precision);
  }

  /** The engine on the first device. */
  public Engine(ComputeDevice device, Precision precision, int threads) {
    this(device, 0, precision, threads);
  }

  /**
   * The engine on a device.
   *
   * @param threads of CPU work; the same number gives the same bits
   * @throws BadInputException if the device is absent, or has no arithmetic of this precision
   */
  public static Engine open(ComputeDevice device, Precision precision, int threads) {
    return open(device, 0, precision, threads);
  }

  /**
   * The engine on one of several devices.
   *
   * @param index which one
   * @param threads of CPU work; the same number gives the same bits
   * @throws BadInputException if the device is absent, or has no arithmetic of this precision
   */
  public static Engine open(ComputeDevice device, int index, Precision precision, int threads) {
    if (device == ComputeDevice.CPU && precision == Precision.BF16) {
      throw new BadInputException("--precision bf16", "needs --device cuda");
    }
    if (device == ComputeDevice.CUDA && precision == Precision.FP64) {
      throw new BadInputException("--precision fp64", "needs --device cpu");
    }
    device.require(index);
    torch.set_num_threads(threads);
    if (device == ComputeDevice.CPU) {
      // OpenBLAS has threads of its own; its default, all processors, makes small products wait.
      openblas_nolapack.blas_set_num_threads(threads);
    }
    return new Engine(device, index, precision, threads);
  }

  /** Of weights, gradients, norms and losses. */
  public ScalarType wide() {
    return precision == Precision.FP64 ? ScalarType.Double : ScalarType.Float;
  }

  /** Of the inputs of matrix products and of attention. */
  public ScalarType narrow() {
    return precision == Precision.BF16 ? ScalarType.BFloat16 : wide();
  }

  /** A tensor of zeros in the wide format. */
  public Tensor zeros(long... shape) {
    return torch.zeros(shape, options(wide()));
  }

  /** A tensor whose elements are not set. */
  public Tensor unset(ScalarType type, long... shape) {
    return torch.empty(shape, options(type), new MemoryFormatOptional());
  }

  /** Numbers in fp64. */
  public Tensor exact(double... values) {
    try (DoublePointer host = new DoublePointer(values)) {
      return toDevice(
          torch.from_blob(host, new long[] {values.length}, host(ScalarType.Double)).clone());
    }
  }

  /** Whole numbers, as libtorch's indices. */
  public Tensor indices(int[] values) {
    try (IntPointer host = new IntPointer(values)) {
      return toDevice(
          torch
              .from_blob(host, new long[] {values.length}, host(ScalarType.Int))
              .to(ScalarType.Long));
    }
  }

  /** Numbers in the wide format, of a shape. */
  public Tensor numbers(double[] values, long... shape) {
    try (DoublePointer host = new DoublePointer(values)) {
      return toDevice(torch.from_blob(host, shape, host(ScalarType.Double)).to(wide()).clone());
    }
  }

  /** Numbers in the wide format, of a shape. */
  public Tensor numbers(float[] values, long... shape) {
    try (FloatPointer host = new FloatPointer(values)) {
      return toDevice(torch.from_blob(host, shape, host(ScalarType.Float)).to(wide()).clone());
    }
  }

  /** The same from a direct buffer of floats. */
  public Tensor numbers(FloatBuffer values, long... shape) {
    FloatPointer host = new FloatPointer(values);
    return toDevice(torch.from_blob(host, shape, host(ScalarType.Float)).to(wide()).clone());
  }

  /** All elements in row-major order. */
  public static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    try (PointerScope scope = new PointerScope()) {
      Tensor host = onHost(tensor, ScalarType.Float);
      scope.attach(host);
      new FloatPointer(host.data_ptr()).get(values);
    }
    return values;
  }

  /** All elements in row-major order. */
  public static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    try (PointerScope scope = new PointerScope()) {
      Tensor host = onHost(tensor, ScalarType.Double);
      scope.attach(host);
      new DoublePointer(host.data_ptr()).get(values);
    }
    return values;
  }

  private static Tensor onHost(Tensor tensor, ScalarType type) {
    return tensor.detach().to(new Device(torch.DeviceType.CPU), type).contiguous();
  }

  private Tensor toDevice(Tensor host) {
    return device == ComputeDevice.CPU ? host : host.to(place(), host.scalar_type());
  }

  private static TensorOptions host(ScalarType type) {
    return new TensorOptions().dtype(new ScalarTypeOptional(type));
  }

  private TensorOptions options(ScalarType type) {
    return host(type).device(new DeviceOptional(place()));
  }

  private Device place() {
    return device == ComputeDevice.CPU
        ? new Device(device.type())
        : new Device(device.type(), (byte) index);
  }
}
