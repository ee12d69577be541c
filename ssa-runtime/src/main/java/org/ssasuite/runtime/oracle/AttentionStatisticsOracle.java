package org.ssasuite.runtime.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticGroup;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * The statistics of the attention operator in fp64, one query at a time, from their definitions:
 * the whole row of weights a(t, j) is made, and each figure is a sum over it.
 *
 * <ul>
 *   <li>key mass: a(t, k) for k &lt; 64. First n by value: Σ_{j&lt;n} a‖v_j‖ / Σ a‖v_j‖. Last n:
 *       Σ_{j&gt;t−n} a.
 *   <li>entropy: −Σ a log2 a; over log2 of the attended keys, 0 for one. Effective keys: 1 / Σ a².
 *   <li>captured: Σ a over the blocks of the exact selection; captured best: over the own block and
 *       the K − 1 earlier ones with the largest Σ over the group's heads of their mass, ties to the
 *       lower index.
 *   <li>output error: ‖o − o'‖ / ‖o‖ with o' over the selection alone; bound: δ (max of ‖v_j‖ over
 *       what is left out + ‖o'‖) / ‖o‖, δ = 1 − captured.
 * </ul>
 */
public final class AttentionStatisticsOracle {
  private final StatisticsRequest asked;
  private final StatisticColumns columns;
  private final AttentionInputs inputs;
  private final RotatedHeads heads;
  private final int[] selected;
  private final List<BlockSelectionOracle> budgets;
  private final Optional<BlockSelectionOracle> own; // the mode's blocks; absent in full mode
  private final double[] valueLengths; // [T, H]

  /**
   * For inputs of a call.
   *
   * @param selected [T, H, width] the blocks that the call attended to; empty in full mode
   */
  public AttentionStatisticsOracle(
      AttentionInputs inputs, StatisticsRequest asked, int[] selected) {
    this.inputs = inputs;
    this.asked = asked;
    this.selected = selected;
    columns = new StatisticColumns(asked, inputs.mode());
    heads = new RotatedHeads(inputs);
    budgets =
        asked.budgets().stream()
            .map(b -> new BlockSelectionOracle(heads, b.mode(), BlockSelectionOracle.TOLERANCE))
            .toList();
    own =
        inputs.mode() instanceof Full
            ? Optional.empty()
            : Optional.of(
                new BlockSelectionOracle(heads, inputs.mode(), BlockSelectionOracle.TOLERANCE));
    valueLengths = new double[inputs.tokens() * inputs.kvHeads()];
    for (int i = 0; i < valueLengths.length; i++) {
      double[] value = new double[inputs.headDim()];
      heads.addValue(1, i / inputs.kvHeads(), i % inputs.kvHeads(), value);
      valueLengths[i] = length(value);
    }
  }

  /** A row of attention: the keys, as tokens of the call, and their weights. */
  @SuppressWarnings("ArrayRecordComponent") // made for one query, never compared
  private record Row(int[] keys, double[] weights) {
    double sumOf(IntPredicate counts) {
      double sum = 0;
      for (int i = 0; i < keys.length; i++) {
        sum += counts.test(keys[i]) ? weights[i] : 0;
      }
      return sum;
    }
  }

  /**
   * The statistics of one token, [G, columns], for the heads of a KV head's group.
   *
   * @param token of the call
   */
  public double[][] group(int token, int kvHead) {
    int size = heads.groupSize();
    double[][] values = new double[size][columns.count()];
    Row[] rows = new Row[size];
    for (int g = 0; g < size; g++) {
      int head = kvHead * size + g;
      int base = (token * inputs.queryHeads() + head) * 3;
      for (int gate = 0; gate < 3 && inputs.gates().isPresent(); gate++) {
        values[g][columns.gate(gate)] = inputs.gates().get()[base + gate];
      }
      rows[g] = row(token, head, firstBranch(token, kvHead));
      if (columns.branches() > 0) {
        sinks(token, kvHead, rows[g], 0, values[g]);
      }
      if (columns.branches() > 1) {
        sinks(token, kvHead, row(token, head, window(token)), 1, values[g]);
        compressed(token, head, values[g]);
      }
    }
    for (int b = 0; b < asked.budgets().size() && inputs.mode() instanceof Full; b++) {
      budget(token, kvHead, rows, b, values);
    }
    return values;
  }

  private Row row(int token, int head, int[] keys) {
    double[] scores = Arrays.stream(keys).mapToDouble(j -> heads.score(token, head, j)).toArray();
    return new Row(keys, Softmax.of(scores));
  }

  private int[] firstBranch(int token, int kvHead) {
    int start = heads.sequenceStart(token);
    if (inputs.mode() instanceof Full) {
      return IntStream.rangeClosed(start, token).toArray();
    }
    int width = own.orElseThrow().blockCount();
    int at = (token * inputs.kvHeads() + kvHead) * width;
    int blockSize = own.orElseThrow().blockSize();
    return Arrays.stream(selected, at, at + width)
        .takeWhile(block -> block >= 0)
        .flatMap(block -> IntStream.range(block * blockSize, (block + 1) * blockSize))
        .map(position -> start + position)
        .filter(key -> key <= token)
        .toArray();
  }

  private int[] window(int token) {
    long window = ((ThreeBranch) inputs.mode()).window();
    int first = (int) Math.max(heads.sequenceStart(token), token + 1 - window);
    return IntStream.rangeClosed(first, token).toArray();
  }

  private void sinks(int token, int kvHead, Row row, int branch, double[] to) {
    int start = heads.sequenceStart(token);
    for (int i = 0; i < row.keys.length; i++) {
      int position = row.keys[i] - start;
      if (position < StatisticColumns.FIRST_KEYS) {
        to[columns.keyMass(branch, position)] = row.weights[i];
      }
    }
    double all = weighted(row, kvHead, key -> true);
    for (int n = 0; n < StatisticColumns.FIRST.size(); n++) {
      int first = start + StatisticColumns.FIRST.get(n);
      double part = weighted(row, kvHead, key -> key < first);
      to[columns.firstValue(branch, n)] = all == 0 ? 0 : part / all;
      int behind = token - StatisticColumns.LAST.get(n);
      to[columns.last(branch, n)] = row.sumOf(key -> key > behind);
    }
    double bits = bits(row.weights);
    to[columns.entropyBits(branch)] = bits;
    to[columns.entropyNormalised(branch)] = overAll(bits, row.keys.length);
    double squares = 0;
    for (double weight : row.weights) {
      squares += weight * weight;
    }
    to[columns.effectiveKeys(branch)] = 1 / squares;
  }

  private double weighted(Row row, int kvHead, IntPredicate counts) {
    double sum = 0;
    for (int i = 0; i < row.keys.length; i++) {
      sum += counts.test(row.keys[i]) ? row.weights[i] * valueLength(row.keys[i], kvHead) : 0;
    }
    return sum;
  }

  private void compressed(int token, int head, double[] to) {
    double[] weights = own.orElseThrow().completeBlockWeights(token, head);
    double bits = bits(weights);
    to[columns.compressedEntropyBits()] = bits;
    to[columns.compressedEntropyBits() + 1] = overAll(bits, weights.length);
  }

  private static double bits(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum -= weight == 0 ? 0 : weight * Math.log(weight) / Math.log(2);
    }
    return sum;
  }

  private static double overAll(double bits, int count) {
    return count < 2 ? 0 : bits / (Math.log(count) / Math.log(2));
  }

  private void budget(int token, int kvHead, Row[] rows, int budget, double[][] to) {
    int start = heads.sequenceStart(token);
    BlockBudget size = asked.budgets().get(budget);
    int[] chosen = budgets.get(budget).chosen(token, kvHead);
    int[] best = best(token, rows, size);
    IntPredicate kept = inBlocks(start, size, chosen);
    for (int g = 0; g < rows.length; g++) {
      if (asked.groups().contains(StatisticGroup.CAPTURE)) {
        to[g][columns.captured(budget)] = rows[g].sumOf(kept);
        to[g][columns.captured(budget) + 1] = rows[g].sumOf(inBlocks(start, size, best));
      }
      if (asked.groups().contains(StatisticGroup.ERROR)) {
        error(token, kvHead * rows.length + g, rows[g], kept, columns.outputError(budget), to[g]);
      }
    }
  }

  private static IntPredicate inBlocks(int start, BlockBudget size, int[] blocks) {
    return key -> Arrays.binarySearch(blocks, (key - start) / size.blockSize()) >= 0;
  }

  private int[] best(int token, Row[] rows, BlockBudget size) {
    int start = heads.sequenceStart(token);
    int own = (token - start) / size.blockSize();
    double[] mass = new double[own];
    for (Row row : rows) {
      for (int i = 0; i < row.keys.length; i++) {
        int block = (row.keys[i] - start) / size.blockSize();
        if (block < own) {
          mass[block] += row.weights[i];
        }
      }
    }
    List<Integer> blocks = new ArrayList<>(IntStream.range(0, own).boxed().toList());
    blocks.sort(Comparator.comparingDouble(b -> -mass[b]));
    return IntStream.concat(
            blocks.stream().limit(size.blockCount() - 1L).mapToInt(b -> b), IntStream.of(own))
        .sorted()
        .toArray();
  }

  private void error(int token, int head, Row row, IntPredicate kept, int column, double[] to) {
    int kvHead = heads.kvHeadOf(head);
    Row sparse = row(token, head, Arrays.stream(row.keys).filter(kept).toArray());
    if (sparse.keys.length == row.keys.length) {
      return;
    }
    double[] full = output(row, kvHead);
    double[] part = output(sparse, kvHead);
    double[] difference = new double[full.length];
    for (int d = 0; d < full.length; d++) {
      difference[d] = full[d] - part[d];
    }
    double longest = 0;
    for (int key : row.keys) {
      longest = Math.max(longest, kept.test(key) ? 0 : valueLength(key, kvHead));
    }
    double dropped = row.sumOf(kept.negate());
    to[column] = length(difference) / length(full);
    to[column + 1] = dropped * (longest + length(part)) / length(full);
  }

  private double[] output(Row row, int kvHead) {
    double[] sum = new double[heads.headDim()];
    for (int i = 0; i < row.keys.length; i++) {
      heads.addValue(row.weights[i], row.keys[i], kvHead, sum);
    }
    return sum;
  }

  private double valueLength(int token, int kvHead) {
    return valueLengths[token * inputs.kvHeads() + kvHead];
  }

  private static double length(double[] x) {
    double square = 0;
    for (double value : x) {
      square += value * value;
    }
    return Math.sqrt(square);
  }
}
