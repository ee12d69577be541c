package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.Map;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.RotaryTable;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * The part of the rotary table that runs need: cosines and sines of a stretch of positions, which
 * moves with them, so that a long sequence read in chunks does not keep a table of its length.
 * Mutable; of one thread.
 */
final class RotaryWindow implements AutoCloseable {
  /** A stretch begins and ends at multiples of this, so that neighbouring runs share it. */
  private static final int STRIDE = 8_192;

  private final ModelConfig config;
  private final RopeScaling rope;
  private int first;
  private int end;
  private OnnxTensor cos;
  private OnnxTensor sin;

  RotaryWindow(ModelConfig config, RopeScaling rope) {
    this.config = config;
    this.rope = rope;
  }

  /** Moves to where positions {@code from} to {@code to − 1} have rows, if they have none. */
  void cover(int from, int to) {
    if (from >= first && to <= end) {
      return;
    }
    int start = from / STRIDE * STRIDE;
    int last = Math.toIntExact(((long) to + STRIDE - 1) / STRIDE * STRIDE);
    int rows = last - start;
    RotaryTable table = RotaryTable.of(start, rows, config.headDim(), config.ropeTheta(), rope);
    close();
    cos = OnnxSession.tensor(table.cos(), rows, config.headDim());
    sin = OnnxSession.tensor(table.sin(), rows, config.headDim());
    first = start;
    end = last;
  }

  /** The position of row 0. */
  int first() {
    return first;
  }

  /** Adds the graph's inputs {@code cos} and {@code sin}, which stay this object's. */
  void addTo(Map<String, OnnxTensor> inputs) {
    inputs.put("cos", cos);
    inputs.put("sin", sin);
  }

  @Override
  public void close() {
    if (end > first) {
      cos.close();
      sin.close();
      end = first;
    }
  }
}
