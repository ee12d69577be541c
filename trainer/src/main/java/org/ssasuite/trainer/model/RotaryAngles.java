package org.ssasuite.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.trainer.engine.Engine;

/**
 * Cosines and sines of the rotary angles of a batch's tokens, Hugging Face's halves: feature i
 * turns with feature i + D/2.
 *
 * @param cos [T, 1, D/2]
 * @param sin [T, 1, D/2]
 */
record RotaryAngles(Tensor cos, Tensor sin) {
  /** The angles of positions 0 to P − 1, computed in fp64; {@link #at} takes a batch's. */
  static RotaryAngles table(int positions, ModelConfig config, Engine engine) {
    int half = config.headDim() / 2;
    double[] cos = new double[Math.multiplyExact(positions, half)];
    double[] sin = new double[cos.length];
    RopeScaling scaling = config.ropeScaling();
    for (int i = 0; i < half; i++) {
      double frequency = scaling.frequency(i, config.headDim(), config.ropeTheta());
      for (int p = 0; p < positions; p++) {
        cos[p * half + i] = scaling.amplitude() * Math.cos(p * frequency);
        sin[p * half + i] = scaling.amplitude() * Math.sin(p * frequency);
      }
    }
    return new RotaryAngles(
        engine.numbers(cos, positions, 1, half), engine.numbers(sin, positions, 1, half));
  }

  /**
   * The rows of a table.
   *
   * @param positions [T]
   */
  RotaryAngles at(Tensor positions) {
    return new RotaryAngles(cos.index_select(0, positions), sin.index_select(0, positions));
  }

  /**
   * Turns queries or keys.
   *
   * @param x [T, heads, D], in the format of the angles
   */
  Tensor turn(Tensor x) {
    long half = x.size(2) / 2;
    Tensor first = x.narrow(2, 0, half);
    Tensor second = x.narrow(2, half, half);
    return torch.cat(
        new TensorVector(first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))),
        2);
  }
}
