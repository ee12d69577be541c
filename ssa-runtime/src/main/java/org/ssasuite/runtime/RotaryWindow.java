package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.RotaryTable;
import org.ssasuite.runtime.graph.ModelGraph;
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
  private Optional<RotaryTable> table = Optional.empty();
  private Optional<Whole> whole = Optional.empty();

  /** Whether rows are asked for, too. */
  private final boolean byRow;

  /**
   * A window without rows yet.
   *
   * @param byRow whether runs may ask for rows of their own, {@link #addRowsTo}
   */
  RotaryWindow(ModelConfig config, RopeScaling rope, boolean byRow) {
    this.byRow = byRow;
    this.config = config;
    this.rope = rope;
  }

  /** The whole stretch as inputs of a graph. */
  private record Whole(OnnxTensor cos, OnnxTensor sin) {}

  /** Moves to where positions {@code from} to {@code to − 1} have rows, if they have none. */
  void cover(int from, int to) {
    if (from >= first && to <= end) {
      return;
    }
    int start = from / STRIDE * STRIDE;
    int last = Math.toIntExact(((long) to + STRIDE - 1) / STRIDE * STRIDE);
    RotaryTable rows = RotaryTable.of(start, last - start, config, rope);
    close();
    table = Optional.of(rows);
    first = start;
    end = last;
  }

  int rows() {
    return end - first;
  }

  /** The position of row 0. */
  int first() {
    return first;
  }

  /**
   * Adds the stretch as the graph's inputs {@code cos} and {@code sin}, which stay this object's.
   */
  void addTo(Map<String, OnnxTensor> inputs) {
    if (whole.isEmpty()) {
      RotaryTable rows = table.orElseThrow();
      whole =
          Optional.of(
              new Whole(
                  OnnxSession.tensor(rows.cos(), rows.rows(), rows.headDim()),
                  OnnxSession.tensor(rows.sin(), rows.rows(), rows.headDim())));
      // The tensors have a copy of their own.
      table = byRow ? table : Optional.empty();
    }
    inputs.put(ModelGraph.COSINES, whole.get().cos());
    inputs.put(ModelGraph.SINES, whole.get().sin());
  }

  /**
   * Adds rows of the stretch as inputs, in any order, which are the caller's to close: for a
   * device, to which nothing should travel that it does not need.
   *
   * @param rows counted from {@link #first}
   */
  void addRowsTo(Map<String, OnnxTensor> inputs, int[] rows) {
    RotaryTable all = table.orElseThrow();
    int dim = all.headDim();
    float[] cos = new float[rows.length * dim];
    float[] sin = new float[rows.length * dim];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(all.cos(), rows[i] * dim, cos, i * dim, dim);
      System.arraycopy(all.sin(), rows[i] * dim, sin, i * dim, dim);
    }
    inputs.put(ModelGraph.COSINES, OnnxSession.tensor(cos, rows.length, dim));
    inputs.put(ModelGraph.SINES, OnnxSession.tensor(sin, rows.length, dim));
  }

  @Override
  public void close() {
    whole.ifPresent(
        tensors -> {
          tensors.cos().close();
          tensors.sin().close();
        });
    whole = Optional.empty();
    table = Optional.empty();
    end = first;
  }
}
