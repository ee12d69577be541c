package org.ssasuite.leaderboards.op;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.operator.AttentionStatisticsInputs;
import org.ssasuite.runtime.operator.AttentionStatisticsOutputs;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * {@code attention_statistics}: what {@code attention} reads, in {@code params.json} also {@code
 * "queries": [A, B]} and {@code "budgets": ["16x16", …]}; writes what {@code attention} writes, and
 * per sequence and query head the means over the queries. A mean over no query is NaN.
 */
final class AttentionStatisticsOp implements Operator {
  @Override
  public Runnable prepare(OpFolder in, Path out, OperatorRun run) {
    AttentionInputs attention = AttentionOp.inputs(in);
    Path file = in.path().resolve("params.json");
    AttentionStatisticsParameters parameters = AttentionStatisticsParameters.read(file);
    boolean full = attention.mode() instanceof Full;
    if (!full && !parameters.budgets().isEmpty()) {
      throw new BadInputException(file, "'budgets': what they capture is known in full mode only");
    }
    int[] starts = attention.sequenceStarts();
    List<QueryRange> ranges = new ArrayList<>();
    for (int s = 1; s < starts.length; s++) {
      ranges.add(parameters.queries().within(new QueryRange(0, starts[s] - starts[s - 1])));
    }
    AttentionStatisticsInputs inputs =
        new AttentionStatisticsInputs(
            attention,
            full ? StatisticsRequest.everything(parameters.budgets()) : StatisticsRequest.sinks(),
            ranges,
            Optional.empty());
    return () -> {
      AttentionStatisticsOutputs outputs = run.with(session -> session.attentionStatistics(inputs));
      AttentionOp.write(attention, outputs.attention(), out);
      new Means(inputs, outputs.totals(), out).write();
    };
  }

  /** The files of means. */
  private record Means(
      List<Optional<HeadStatistics>> sequences, int heads, StatisticColumns columns, Path out) {
    private static final float NONE = Float.NaN;

    Means(AttentionStatisticsInputs inputs, double[] totals, Path out) {
      this(sequences(inputs, totals), inputs.attention().queryHeads(), inputs.columns(), out);
    }

    private static List<Optional<HeadStatistics>> sequences(
        AttentionStatisticsInputs inputs, double[] totals) {
      int width = inputs.attention().queryHeads() * inputs.columns().count();
      List<Optional<HeadStatistics>> sequences = new ArrayList<>();
      for (int s = 0; s < inputs.ranges().size(); s++) {
        double[] sums = new double[width];
        for (int bucket = 0; bucket < inputs.buckets(); bucket++) {
          int from = (s * inputs.buckets() + bucket) * width;
          Arrays.setAll(sums, i -> sums[i] + totals[from + i]);
        }
        QueryRange range = inputs.ranges().get(s);
        sequences.add(
            range.queries() == 0
                ? Optional.empty()
                : Optional.of(
                    new HeadStatistics(
                        range,
                        inputs.columns(),
                        inputs.attention().gates().isPresent(),
                        sums,
                        new HeadStatistics.ResidualMagnitude(0, 0))));
      }
      return sequences;
    }

    private interface OfHead {
      double value(HeadStatistics statistics, int head, int index);
    }

    void write() {
      if (columns.compressed()) {
        writeBranch("selected_", 0);
        writeBranch("window_", 1);
        write("compressed_entropy_bits", 0, (s, head, i) -> s.compressedEntropyBits(head));
        write(
            "compressed_entropy_normalised",
            0,
            (s, head, i) -> s.compressedEntropyNormalised(head).orElse(NONE));
      } else {
        writeBranch("", 0);
      }
      int budgets = columns.asked().budgets().size();
      if (budgets > 0) {
        write("captured", budgets, (s, head, i) -> s.captured(i, head));
        write("captured_best", budgets, (s, head, i) -> s.capturedBest(i, head));
        write("output_error", budgets, (s, head, i) -> s.outputError(i, head));
        write("error_bound", budgets, (s, head, i) -> s.errorBound(i, head));
      }
    }

    private void writeBranch(String prefix, int branch) {
      int three = StatisticColumns.FIRST.size();
      write(prefix + "first", three, (s, head, i) -> s.first(branch, i, head));
      write(prefix + "first_value", three, (s, head, i) -> s.firstValue(branch, i, head));
      write(prefix + "last", three, (s, head, i) -> s.last(branch, i, head));
      write(
          prefix + "key_mass",
          StatisticColumns.FIRST_KEYS,
          (s, head, i) -> s.keyMass(branch, i, head));
      write(prefix + "entropy_bits", 0, (s, head, i) -> s.entropyBits(branch, head));
      write(
          prefix + "entropy_normalised",
          0,
          (s, head, i) -> s.entropyNormalised(branch, head).orElse(NONE));
      write(prefix + "effective_keys", 0, (s, head, i) -> s.effectiveKeys(branch, head));
    }

    /** [S, HQ, width], or [S, HQ] where the width is 0. */
    private void write(String name, int width, OfHead of) {
      int each = Math.max(1, width);
      float[] values = new float[sequences.size() * heads * each];
      for (int i = 0; i < values.length; i++) {
        int head = i / each % heads;
        int index = i % each;
        values[i] =
            sequences.get(i / each / heads).map(s -> (float) of.value(s, head, index)).orElse(NONE);
      }
      List<Integer> shape =
          width == 0 ? List.of(sequences.size(), heads) : List.of(sequences.size(), heads, width);
      NpyFile.write(out.resolve(name + ".npy"), new NpyFloats(shape, values));
    }
  }
}
