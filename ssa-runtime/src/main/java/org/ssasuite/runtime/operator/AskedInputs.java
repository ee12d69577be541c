package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/** The values of the inputs by which the attention operator is asked for more than its answer. */
public final class AskedInputs {
  private AskedInputs() {}

  /** The rows of one sequence. */
  @FunctionalInterface
  public interface Rows {
    /**
     * One row where each sequence has one, or none for zeros; else any number, without the
     * sequence's number.
     */
    List<long[]> of(AttentionAsk.Input input, int sequence);
  }

  /** Where nothing is asked: they have no elements. */
  public static Map<String, OnnxTensor> nothing(Device device) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (AttentionAsk ask : AttentionAsk.on(device)) {
      for (AttentionAsk.Input input : ask.inputs()) {
        inputs.put(input.name(), nothing(input));
      }
    }
    return inputs;
  }

  private static OnnxTensor nothing(AttentionAsk.Input input) {
    long[] shape = input.emptyShape();
    if (input.type() == GraphBuilder.Type.DOUBLE) {
      return OnnxSession.tensor(new double[0], shape);
    }
    return shape.length == 1 ? OnnxSession.tensor() : OnnxSession.table(new long[0], 0, shape[1]);
  }

  /** What asks by rows of whole numbers. */
  public static Map<String, OnnxTensor> of(AttentionAsk ask, int sequences, Rows rows) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (AttentionAsk.Input input : ask.inputs()) {
      List<long[]> all = new ArrayList<>();
      for (int s = 0; s < sequences; s++) {
        all.addAll(rowsOf(input, s, rows.of(input, s)));
      }
      inputs.put(input.name(), table(input.columns(), all));
    }
    return inputs;
  }

  private static List<long[]> rowsOf(AttentionAsk.Input input, int sequence, List<long[]> own) {
    if (input.rowPerSequence()) {
      return own.isEmpty() ? List.of(new long[input.columns()]) : List.of(own.get(0));
    }
    List<long[]> numbered = new ArrayList<>();
    for (long[] row : own) {
      long[] whole = new long[row.length + 1];
      whole[0] = sequence;
      System.arraycopy(row, 0, whole, 1, row.length);
      numbered.add(whole);
    }
    return numbered;
  }

  private static OnnxTensor table(int columns, List<long[]> rows) {
    long[] values = new long[Math.multiplyExact(columns, rows.size())];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * columns, columns);
    }
    return OnnxSession.table(values, rows.size(), columns);
  }

  /**
   * What asks for {@link AttentionAsk#STATISTICS}.
   *
   * @param ranges [S] the queries of each sequence
   * @param totals [L, S, B, HQ, columns] what the run adds to
   */
  public static Map<String, OnnxTensor> statistics(
      StatisticsRequest asked, List<QueryRange> ranges, double[] totals, int layers, int buckets) {
    List<long[]> ends = ranges.stream().map(each -> new long[] {each.from(), each.to()}).toList();
    long width = totals.length / ((long) layers * ranges.size() * buckets);
    List<OnnxTensor> values =
        List.of(
            OnnxSession.tensor(asked.code()),
            table(2, ends),
            OnnxSession.tensor(totals, layers, ranges.size(), buckets, width));
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      inputs.put(AttentionAsk.STATISTICS.inputs().get(i).name(), values.get(i));
    }
    return inputs;
  }
}
