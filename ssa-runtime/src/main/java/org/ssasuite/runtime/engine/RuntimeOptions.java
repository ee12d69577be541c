package org.ssasuite.runtime.engine;

import java.util.Objects;

/**
 * How a model is run.
 *
 * @param threads threads of every operator on the CPU
 * @param precision on the CPU fp32
 * @param isa of operators on the CPU
 */
public record RuntimeOptions(int threads, Device device, Precision precision, Isa isa) {
  public RuntimeOptions {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads: " + threads + "; 1 to 1024");
    }
    Objects.requireNonNull(device);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(isa);
    if (device == Device.CPU && precision != Precision.FP32) {
      throw new IllegalArgumentException(precision + " on the CPU; it computes in fp32");
    }
  }

  /** On the CPU in fp32, with the widest instruction set. */
  public static RuntimeOptions cpu(int threads) {
    return new RuntimeOptions(threads, Device.CPU, Precision.FP32, Isa.AUTO);
  }
}
