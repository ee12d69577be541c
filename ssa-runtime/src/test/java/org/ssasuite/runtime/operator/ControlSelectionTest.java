package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/** What the controls at equal budget choose, beside what every kernel keeps to. */
@ParameterizedClass
@EnumSource(Isa.class)
class ControlSelectionTest {
  private static final double MASS = 1e-6;

  private final RuntimeOptions options;

  ControlSelectionTest(Isa isa) {
    options = new RuntimeOptions(2, Device.CPU, Precision.FP32, isa);
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(options.isa());
  }

  @ParameterizedTest
  @EnumSource(
      value = SelectionRule.class,
      names = {"EXACT", "WINDOW", "RANDOM", "BEST"})
  void budgetOfAllBlocksIsFullAttention(SelectionRule rule) {
    AttentionCase full = AttentionCase.of(333, new Full()).heads(2, 4, 64);
    AttentionCase all = AttentionCase.of(333, new BlockSparse(16, 21, rule)).heads(2, 4, 64);

    assertThat(run(all).out()).usingComparatorWithPrecision(1e-5f).isEqualTo(run(full).out());
  }

  @Test
  void windowIsTheFirstBlockAndTheLastOnes() {
    AttentionCase given =
        AttentionCase.of(210, new BlockSparse(16, 4, SelectionRule.WINDOW)).heads(1, 2, 32).plain();
    AttentionInputs in = given.inputs();
    double[] expected = new double[in.q().length];
    for (int t = 0; t < 210; t++) {
      for (int head = 0; head < 2; head++) {
        int at = (t * 2 + head) * 32;
        System.arraycopy(masked(in, t, head), 0, expected, at, 32);
      }
    }

    Agreement.assertClose(run(given).out(), expected, 32, Agreement.tolerance(in));
  }

  /** Attention of one head over keys below 16, and those of the own block and the two before it. */
  private static double[] masked(AttentionInputs in, int t, int head) {
    double[] out = new double[32];
    double sum = 0;
    for (int j = 0; j <= t; j++) {
      if (j >= 16 && j / 16 < t / 16 - 2) {
        continue;
      }
      double score = 0;
      for (int d = 0; d < 32; d++) {
        score += (double) in.q()[(t * 2 + head) * 32 + d] * in.k()[j * 32 + d];
      }
      double weight = Math.exp(score / Math.sqrt(32));
      sum += weight;
      for (int d = 0; d < 32; d++) {
        out[d] += weight * in.v()[j * 32 + d];
      }
    }
    for (int d = 0; d < 32; d++) {
      out[d] /= sum;
    }
    return out;
  }

  @Test
  void windowOfOneBlockIsTheOwnOne() {
    AttentionOutputs outputs =
        run(AttentionCase.of(40, new BlockSparse(8, 1, SelectionRule.WINDOW)).heads(1, 1, 32));

    assertThat(outputs.selected())
        .isEqualTo(IntStream.range(0, 40).map(token -> token / 8).toArray());
  }

  @Test
  void drawsAreThoseOfTheStatedGenerator() {
    List<JsonNode> lines = Golden.vectors("random-blocks.jsonl");
    AttentionInputs of =
        AttentionCase.of(150, new BlockSparse(8, 4, SelectionRule.RANDOM))
            .packed(0, 90, 150)
            .inputs();
    AttentionInputs inputs =
        new AttentionInputs(
            150,
            of.queryHeads(),
            2,
            of.headDim(),
            of.q(),
            of.k(),
            of.v(),
            of.gates(),
            of.rotary(),
            of.sequenceStarts(),
            of.mode(),
            Optional.of(new RandomDraws(5, List.of(-887700346342572275L, -1L))));

    int[] selected = run(inputs).selected();

    for (JsonNode line : lines) {
      int row = line.required("token").intValue() * 2 + line.required("kv_head").intValue();
      int[] chosen = Arrays.copyOfRange(selected, 4 * row, 4 * row + 4);
      assertThat(Arrays.stream(chosen).takeWhile(block -> block >= 0).toArray())
          .as(line.toString())
          .isEqualTo(
              StreamSupport.stream(line.required("selected").spliterator(), false)
                  .mapToInt(JsonNode::intValue)
                  .toArray());
    }
  }

  @Test
  void noBlockIsDrawnTwice() {
    int[] selected =
        run(AttentionCase.of(400, new BlockSparse(8, 12, SelectionRule.RANDOM)).heads(1, 1, 32))
            .selected();

    for (int token = 96; token < 400; token++) {
      assertThat(Arrays.stream(selected, 12 * token, 12 * token + 12).distinct().count())
          .isEqualTo(12);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SelectionRule.class,
      names = {"EXACT", "RELEASED", "WINDOW", "RANDOM"})
  void noOtherChoiceHoldsMoreMassThanTheBest(SelectionRule rule) {
    BlockSparse other = new BlockSparse(16, 5, rule);
    for (double scale : new double[] {0.3, 1, 2}) {
      double[] best = groupMasses(new BlockSparse(16, 5, SelectionRule.BEST), scale);
      double[] others = groupMasses(other, scale);
      for (int i = 0; i < best.length; i++) {
        assertThat(best[i]).isGreaterThanOrEqualTo(others[i] - MASS);
      }
    }
  }

  @Test
  void bestIsWhatTheStatisticCallsBest() {
    AttentionCase given = AttentionCase.of(300, new Full()).heads(2, 4, 32).plain();
    BlockBudget budget = new BlockBudget(16, 5);
    for (int t = 90; t < 300; t += 23) {
      AttentionStatisticsInputs asked =
          new AttentionStatisticsInputs(
              given.inputs(),
              StatisticsRequest.everything(List.of(budget)),
              List.of(new QueryRange(t, t + 1)),
              Optional.empty());
      double[] totals;
      try (OperatorSession session = OperatorSession.open(options)) {
        totals = session.attentionStatistics(asked).totals();
      }
      double[] masses = groupMasses(new BlockSparse(16, 5, SelectionRule.BEST), 1);
      for (int kvHead = 0; kvHead < 2; kvHead++) {
        double captured = 0;
        for (int g = 0; g < 4; g++) {
          int head = 4 * kvHead + g;
          captured += totals[bucketOf(t, asked) + head * asked.columns().count() + best(asked)];
        }
        assertThat(captured).isCloseTo(masses[2 * t + kvHead], within(1e-5));
      }
    }
  }

  private static int bucketOf(int t, AttentionStatisticsInputs asked) {
    assertThat(t).isLessThan(1024);
    assertThat(asked.buckets()).isEqualTo(1);
    return 0;
  }

  private static int best(AttentionStatisticsInputs asked) {
    return asked.columns().captured(0) + 1;
  }

  /** [T, H] full attention's mass, over the group's heads, in the blocks that a mode chooses. */
  private double[] groupMasses(BlockSparse mode, double scale) {
    AttentionCase given = AttentionCase.of(300, mode).heads(2, 4, 32).scaled(scale).plain();
    AttentionInputs in = given.inputs();
    int[] selected = run(given).selected();
    double[] masses = new double[300 * 2];
    for (int row = 0; row < masses.length; row++) {
      int t = row / 2;
      List<Integer> blocks = new ArrayList<>();
      for (int i = 0; i < mode.blockCount() && selected[row * mode.blockCount() + i] >= 0; i++) {
        blocks.add(selected[row * mode.blockCount() + i]);
      }
      for (int g = 0; g < 4; g++) {
        masses[row] += mass(in, t, 4 * (row % 2) + g, row % 2, blocks, mode.blockSize());
      }
    }
    return masses;
  }

  private static double mass(
      AttentionInputs in, int t, int head, int kvHead, List<Integer> blocks, int blockSize) {
    double kept = 0;
    double sum = 0;
    for (int j = 0; j <= t; j++) {
      double score = 0;
      for (int d = 0; d < 32; d++) {
        score += (double) in.q()[(t * 8 + head) * 32 + d] * in.k()[(j * 2 + kvHead) * 32 + d];
      }
      double weight = Math.exp(score / Math.sqrt(32));
      sum += weight;
      kept += blocks.contains(j / blockSize) ? weight : 0;
    }
    return kept / sum;
  }

  private AttentionOutputs run(AttentionCase given) {
    return run(given.inputs());
  }

  private AttentionOutputs run(AttentionInputs inputs) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.attention(inputs);
    }
  }
}
