package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.OperatorFailedException;
import org.ssasuite.runtime.operator.AttentionSpansInputs.ForcedBlock;
import org.ssasuite.runtime.operator.AttentionSpansInputs.KeySpan;
import org.ssasuite.runtime.oracle.AttentionOracle;
import org.ssasuite.runtime.oracle.ForcedSelectionOracle;
import org.ssasuite.runtime.oracle.SpanMassOracle;
import org.ssasuite.runtime.statistics.QueryRange;

/** What every kernel's masses on stretches, and its forced blocks, keep to: the fp64 oracles. */
@ParameterizedClass
@EnumSource(value = Isa.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class AttentionSpansContractTest {
  private static final int RANDOM_CASES = 40;
  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 1e-6;
  private static final double UNIT = 0x1p-24;

  private final RuntimeOptions options;

  AttentionSpansContractTest(Isa isa) {
    options = new RuntimeOptions(2, Device.CPU, Precision.FP32, isa);
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(options.isa());
  }

  /**
   * Stretches of some sequences; a stretch is there twice, and one reaches beyond its sequence.
   *
   * @param range of the queries, of each sequence alike
   */
  record Case(AttentionCase attention, QueryRange range, List<KeySpan> spans) {
    static Case of(AttentionCase attention, int from, int to, int... spans) {
      List<KeySpan> all = new ArrayList<>();
      for (int s = 0; s + 1 < attention.starts().size(); s++) {
        for (int i = 0; i < spans.length; i += 2) {
          all.add(new KeySpan(s, spans[i], spans[i + 1]));
        }
      }
      return new Case(attention, new QueryRange(from, to), all);
    }

    static Case random(int seed) {
      Random random = new Random(seed ^ 0x5a5aL);
      AttentionCase attention = AttentionCase.random(seed);
      List<KeySpan> spans = new ArrayList<>();
      for (int s = 0; s + 1 < attention.starts().size(); s++) {
        for (int n = random.nextInt(3); n > 0; n--) {
          int from = random.nextInt(200);
          spans.add(new KeySpan(s, from, from + 1 + random.nextInt(90)));
        }
      }
      int from = random.nextInt(150);
      return new Case(attention, new QueryRange(from, from + random.nextInt(250)), spans);
    }

    AttentionSpansInputs inputs() {
      List<QueryRange> ranges = Collections.nCopies(attention.starts().size() - 1, range);
      return new AttentionSpansInputs(attention.inputs(), ranges, spans, List.of());
    }
  }

  static Stream<Case> shapes() {
    List<Case> shapes = new ArrayList<>();
    for (AttentionMode mode : AttentionCase.modes()) {
      for (int tokens : List.of(1, 2, 7, 8, 9, 63, 64, 65)) {
        shapes.add(Case.of(AttentionCase.of(tokens, mode), 0, tokens, 0, 1, 3, 40));
      }
      for (int dim : List.of(32, 64, 128)) {
        for (int group : List.of(1, 3, 16)) {
          AttentionCase attention = AttentionCase.of(200, mode).heads(2, group, dim);
          shapes.add(Case.of(attention, 101, 200, 61, 67, 5, 30, 5, 30, 190, 400));
        }
      }
      shapes.add(Case.of(AttentionCase.of(200, mode).plain(), 37, 203, 0, 200));
      shapes.add(
          Case.of(
              AttentionCase.of(231, mode).packed(0, 0, 1, 1, 1, 100, 231, 231), 13, 120, 9, 23));
      shapes.add(Case.of(AttentionCase.of(300, mode), 290, 290, 3, 9));
    }
    return shapes.stream();
  }

  static Stream<Case> random() {
    return IntStream.range(0, RANDOM_CASES).mapToObj(Case::random);
  }

  static Stream<Case> longInputs() {
    return AttentionCase.modes().stream()
        .map(
            mode ->
                Case.of(
                    AttentionCase.of(4_096, mode).heads(1, 2, 32),
                    4_011,
                    4_100,
                    1_001,
                    1_040,
                    4_000,
                    4_050));
  }

  @ParameterizedTest
  @MethodSource({"shapes", "random", "longInputs"})
  void massesAgreeWithTheOracle(Case given) {
    assertAgrees(given.inputs());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void massesAgreeWithTheOracleWhereKeysAreEqual(AttentionMode mode) {
    AttentionSpansInputs inputs =
        Case.of(AttentionCase.of(200, mode).plain(), 90, 200, 3, 29).inputs();
    repeatKeys(inputs.attention());

    assertAgrees(inputs);
  }

  static List<AttentionMode> modes() {
    return AttentionCase.modes();
  }

  /** Every stretch of eight keys is the one before it. */
  private static void repeatKeys(AttentionInputs inputs) {
    int stretch = 8 * inputs.kvHeads() * inputs.headDim();
    float[] k = inputs.k();
    for (int i = stretch; i < k.length; i++) {
      k[i] = k[i - stretch];
    }
  }

  private void assertAgrees(AttentionSpansInputs inputs) {
    AskedOutputs outputs = run(inputs);
    AttentionInputs attention = inputs.attention();
    SpanMassOracle oracle = new SpanMassOracle(attention, outputs.attention().selected());
    int[] starts = attention.sequenceStarts();
    double relative = Math.max(RELATIVE, 2 * UNIT * largestScore(attention));
    int at = 0;
    for (int s = 0; s + 1 < starts.length; s++) {
      int sequence = s;
      List<KeySpan> own =
          inputs.spans().stream().filter(span -> span.sequence() == sequence).toList();
      QueryRange range =
          inputs.queries().get(s).within(new QueryRange(0, starts[s + 1] - starts[s]));
      for (int t = range.from(); t < range.to(); t++) {
        for (KeySpan span : own) {
          for (int head = 0; head < attention.queryHeads(); head++, at += 2) {
            double[] wanted = oracle.of(starts[s] + t, head, span.from(), span.to());
            assertNear(outputs.figures()[at], wanted[0], relative);
            assertNear(outputs.figures()[at + 1], wanted[1], relative);
          }
        }
      }
    }
    assertThat(outputs.figures()).hasSize(at);
  }

  /**
   * No score is larger. A single query's weight loses relatively what its score and the sum's
   * largest lose in fp32, about half a unit of this each; means over queries lose less.
   */
  private static double largestScore(AttentionInputs inputs) {
    return longest(inputs.q(), inputs.headDim())
        * longest(inputs.k(), inputs.headDim())
        / Math.sqrt(inputs.headDim());
  }

  private static double longest(float[] vectors, int length) {
    double longest = 0;
    for (int from = 0; from < vectors.length; from += length) {
      double square = 0;
      for (int i = from; i < from + length; i++) {
        square += (double) vectors[i] * vectors[i];
      }
      longest = Math.max(longest, square);
    }
    return Math.sqrt(longest);
  }

  private static void assertNear(double mass, double wanted, double relative) {
    // Not every time: a description costs more than the comparison.
    if (!(Math.abs(mass - wanted) <= Math.max(ABSOLUTE, relative * Math.abs(wanted)))) {
      assertThat(mass).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void askingChangesNoBitOfTheAnswer(Case given) {
    AttentionSpansInputs inputs = given.inputs();
    AttentionOutputs asked = run(inputs).attention();
    AttentionOutputs plain;
    try (OperatorSession session = OperatorSession.open(options)) {
      plain = session.attention(inputs.attention());
    }

    assertThat(asked.selected()).isEqualTo(plain.selected());
    Agreement.assertSameBits(asked.out(), 0, plain.out(), 0, plain.out().length);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void threadsAndOtherQueriesChangeNoBitOfTheMasses(AttentionMode mode) {
    AttentionCase attention = AttentionCase.of(231, mode).heads(2, 4, 32);
    double[] all = run(Case.of(attention, 0, 231, 17, 40).inputs()).figures();
    AttentionSpansInputs last = Case.of(attention, 230, 231, 17, 40).inputs();
    double[] alone;
    try (OperatorSession session =
        OperatorSession.open(new RuntimeOptions(1, Device.CPU, Precision.FP32, options.isa()))) {
      alone = last.run(session).figures();
    }

    assertThat(Arrays.copyOfRange(all, all.length - alone.length, all.length)).isEqualTo(alone);
  }

  @Test
  void allKeysTogetherHaveAllMass() {
    double[] masses =
        run(Case.of(AttentionCase.of(500, new Full()), 0, 500, 0, 500).inputs()).figures();

    assertThat(Arrays.stream(masses).allMatch(mass -> Math.abs(mass - 1) < ABSOLUTE)).isTrue();
  }

  static Stream<AttentionMode> selecting() {
    return Stream.of(
        new BlockSparse(8, 3, SelectionRule.EXACT),
        new BlockSparse(16, 5, SelectionRule.EXACT),
        new BlockSparse(32, 1, SelectionRule.EXACT),
        new BlockSparse(8, 8, SelectionRule.RELEASED),
        new BlockSparse(16, 4, SelectionRule.RELEASED),
        new ThreeBranch(8, 3, 20));
  }

  @ParameterizedTest
  @MethodSource("selecting")
  void forcedBlocksComeFirstWithinTheBudget(AttentionMode mode) {
    for (List<Integer> blocks : List.of(List.of(2), List.of(0, 1, 5), List.of(1, 3, 4, 6, 7, 9))) {
      AttentionCase given = AttentionCase.of(400, mode).packed(0, 90, 400).heads(2, 3, 32);
      AttentionSpansInputs inputs = forcing(given, blocks, 37);

      assertForced(inputs, run(inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("selecting")
  void forcedBlocksComeFirstWhereKeysAreEqual(AttentionMode mode) {
    AttentionSpansInputs inputs =
        forcing(AttentionCase.of(300, mode).plain(), List.of(4, 7, 8, 11), 0);
    repeatKeys(inputs.attention());

    assertForced(inputs, run(inputs));
  }

  /** The last sequence has to take blocks, from a query on, and its masses are asked for. */
  private static AttentionSpansInputs forcing(
      AttentionCase given, List<Integer> blocks, int firstQuery) {
    int sequences = given.starts().size() - 1;
    return new AttentionSpansInputs(
        given.inputs(),
        IntStream.range(0, sequences).mapToObj(s -> new QueryRange(0, 400)).toList(),
        List.of(new KeySpan(sequences - 1, 20, 70)),
        blocks.stream().map(block -> new ForcedBlock(sequences - 1, block, firstQuery)).toList());
  }

  private void assertForced(AttentionSpansInputs inputs, AskedOutputs outputs) {
    AttentionInputs attention = inputs.attention();
    int[] selected = outputs.attention().selected();
    int width = outputs.attention().selectedWidth();
    ForcedSelectionOracle oracle = new ForcedSelectionOracle(attention);
    int[] starts = attention.sequenceStarts();
    for (int token = 0; token < attention.tokens(); token++) {
      int position = token - starts[starts.length - 2];
      Set<Integer> forced =
          inputs.forced().stream()
              .filter(block -> block.firstQuery() <= position)
              .map(ForcedBlock::block)
              .collect(Collectors.toSet());
      for (int kvHead = 0; kvHead < attention.kvHeads(); kvHead++) {
        int row = (token * attention.kvHeads() + kvHead) * width;
        int[] chosen =
            Arrays.stream(selected, row, row + width).takeWhile(block -> block >= 0).toArray();
        assertThat(oracle.explain(token, kvHead, chosen, forced)).isEmpty();
      }
    }
    Agreement.assertClose(
        outputs.attention().out(),
        new AttentionOracle(attention).out(selected),
        attention.headDim(),
        Agreement.tolerance(attention));
    assertAgrees(inputs);
  }

  @Test
  void whatIsForcedCountsInTheAttendedMass() {
    AttentionMode mode = new BlockSparse(16, 6, SelectionRule.EXACT);
    AttentionCase given = AttentionCase.of(400, mode).heads(2, 3, 32).plain();
    AttentionSpansInputs inputs =
        new AttentionSpansInputs(
            given.inputs(),
            List.of(new QueryRange(300, 400)),
            List.of(new KeySpan(0, 41, 90)),
            List.of(
                new ForcedBlock(0, 2, 300),
                new ForcedBlock(0, 3, 300),
                new ForcedBlock(0, 4, 300),
                new ForcedBlock(0, 5, 300)));
    double[] masses = run(inputs).figures();

    for (int i = 0; i < masses.length; i += 2) {
      assertThat(masses[i + 1]).isEqualTo(masses[i]).isPositive();
    }
  }

  @Test
  void queriesBeforeTheFirstForcedOneAreAsFreeOnes() {
    AttentionMode mode = new BlockSparse(8, 3, SelectionRule.EXACT);
    AttentionCase given = AttentionCase.of(300, mode).plain();
    AttentionOutputs forced = run(forcing(given, List.of(1, 4), 211)).attention();
    AttentionOutputs free = run(forcing(given, List.of(), 0)).attention();
    int row = given.queryHeads() * given.headDim();

    Agreement.assertSameBits(forced.out(), 0, free.out(), 0, 211 * row);
    assertThat(forced.selected()).isNotEqualTo(free.selected());
  }

  @Test
  void wholeSelectionsNeedNoForce() {
    AttentionMode mode = new BlockSparse(8, 100, SelectionRule.EXACT);
    AttentionCase given = AttentionCase.of(200, mode).plain();

    assertThat(run(forcing(given, List.of(1, 4), 0)).attention().out())
        .isEqualTo(run(forcing(given, List.of(), 0)).attention().out());
    assertThat(ModeCode.blockSize(mode)).hasValue(8);
  }

  @Test
  void fullAttentionForcesNothing() {
    AttentionSpansInputs inputs = forcing(AttentionCase.of(100, new Full()), List.of(1), 0);

    assertThatThrownBy(() -> run(inputs))
        .isInstanceOf(OperatorFailedException.class)
        .hasMessageContaining("forced blocks in full mode");
  }

  @Test
  void aSequenceThatIsNotThereIsRefused() {
    AttentionSpansInputs inputs = Case.of(AttentionCase.of(100, new Full()), 0, 9, 0, 2).inputs();
    Map<String, OnnxTensor> values = inputs.values();
    String spans = AttentionAsk.SPAN_MASSES.inputs().get(1).name();
    values.put(spans, OnnxSession.table(new long[] {1, 0, 2}, 1, 3)).close();

    try (OperatorSession session = OperatorSession.open(options)) {
      assertThatThrownBy(() -> session.asked(inputs.attention(), AttentionAsk.SPAN_MASSES, values))
          .isInstanceOf(OperatorFailedException.class)
          .hasMessageContaining("stretches of sequence 1");
    }
  }

  private AskedOutputs run(AttentionSpansInputs inputs) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return inputs.run(session);
    }
  }
}
