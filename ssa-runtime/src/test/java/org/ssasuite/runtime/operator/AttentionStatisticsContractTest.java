package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticGroup;

/** What every kernel's attention statistics keep to: means over queries against the fp64 oracle. */
@ParameterizedClass
@EnumSource(value = Isa.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class AttentionStatisticsContractTest {
  private static final int RANDOM_CASES = 40;
  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 1e-6;
  private static final BlockBudget[] BUDGETS = {
    new BlockBudget(16, 3), new BlockBudget(8, 4), new BlockBudget(64, 2)
  };

  private final RuntimeOptions options;

  AttentionStatisticsContractTest(Isa isa) {
    options = new RuntimeOptions(2, Device.CPU, Precision.FP32, isa);
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(options.isa());
  }

  static Stream<StatisticsCase> shapes() {
    List<StatisticsCase> shapes = new ArrayList<>();
    for (AttentionMode mode : AttentionCase.modes()) {
      for (int tokens : List.of(1, 2, 7, 8, 9, 63, 64, 65)) {
        shapes.add(StatisticsCase.of(AttentionCase.of(tokens, mode), BUDGETS));
      }
      shapes.add(StatisticsCase.of(AttentionCase.of(200, mode).plain(), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(200, mode).heads(1, 1, 32), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(200, mode).heads(1, 16, 64), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(200, mode).heads(2, 5, 128), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(200, mode).heads(1, 8, 64), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(100, mode).heads(8, 3, 32), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(100, mode).heads(8, 1, 128), BUDGETS));
      shapes.add(
          StatisticsCase.of(
              AttentionCase.of(231, mode).packed(0, 0, 1, 1, 1, 100, 231, 231), BUDGETS));
      shapes.add(StatisticsCase.of(AttentionCase.of(300, mode), BUDGETS).within(37, 203));
      shapes.add(StatisticsCase.of(AttentionCase.of(300, mode), BUDGETS).within(290, 290));
      shapes.add(
          StatisticsCase.of(AttentionCase.of(300, mode), BUDGETS).within(50, Integer.MAX_VALUE));
    }
    return shapes.stream();
  }

  static Stream<StatisticsCase> budgets() {
    return Stream.of(8, 16, 32, 64, 128)
        .flatMap(
            size ->
                Stream.of(1, 2, 5, 100_000)
                    .map(
                        count ->
                            StatisticsCase.of(
                                AttentionCase.of(4 * size + 19, new Full()).heads(2, 4, 32),
                                new BlockBudget(size, count),
                                new BlockBudget(128, 3))));
  }

  /** Where a bucket ends, the longest window begins, and a row's lanes are folded. */
  static Stream<StatisticsCase> aroundTheFirstBucket() {
    return Stream.of(511, 512, 513, 1023, 1024, 1025, 1100)
        .map(
            tokens ->
                StatisticsCase.of(AttentionCase.of(tokens, new Full()).heads(1, 2, 32), BUDGETS)
                    .within(tokens - 90, tokens));
  }

  /** Budgets of so many blocks that they are told from the rest by marks, and of so few. */
  static Stream<StatisticsCase> manyBlocks() {
    return Stream.of(9, 10, 60, 99, 100)
        .map(
            count ->
                StatisticsCase.of(
                        AttentionCase.of(800, new Full()).heads(1, 4, 32),
                        new BlockBudget(8, count),
                        new BlockBudget(16, count))
                    .within(700, 800));
  }

  static Stream<StatisticsCase> random() {
    return IntStream.range(0, RANDOM_CASES).mapToObj(StatisticsCase::random);
  }

  static Stream<StatisticsCase> longInputs() {
    return AttentionCase.modes().stream()
        .map(
            mode ->
                StatisticsCase.of(
                        AttentionCase.of(4_096, mode).heads(1, 2, 32), new BlockBudget(16, 16))
                    .within(1_000, 1_100));
  }

  @ParameterizedTest
  @MethodSource({"shapes", "budgets", "random", "longInputs", "aroundTheFirstBucket", "manyBlocks"})
  void agreesWithTheOracle(StatisticsCase given) {
    assertAgrees(given.inputs());
  }

  @Test
  void agreesWithTheOracleBehindTheFirstBucket() {
    assertAgrees(
        StatisticsCase.of(
                AttentionCase.of(4_096, new Full()).heads(1, 2, 32), new BlockBudget(16, 16))
            .within(4_000, 4_096)
            .inputs());
  }

  /** Eight rows at eight random places. */
  @SlowTest
  void agreesWithTheOracleOnRandomRowsOfSixtyThousandTokens() {
    StatisticsCase all =
        StatisticsCase.of(
            AttentionCase.of(65_536, new Full()).heads(1, 2, 32), new BlockBudget(16, 16));
    new Random(65_536)
        .ints(8, 0, 65_536 - 8)
        .forEach(from -> assertAgrees(all.within(from, from + 8).inputs()));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void agreesWithTheOracleWhereKeysAreEqual(AttentionMode mode) {
    AttentionStatisticsInputs inputs =
        StatisticsCase.of(AttentionCase.of(200, mode).plain(), BUDGETS).inputs();
    int stretch = 8 * inputs.attention().kvHeads() * inputs.attention().headDim();
    float[] k = inputs.attention().k();
    for (int i = stretch; i < k.length; i++) {
      k[i] = k[i - stretch];
    }

    assertAgrees(inputs);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void agreesWithTheOracleWhereAllTokensAreAlike(AttentionMode mode) {
    AttentionStatisticsInputs inputs =
        StatisticsCase.of(AttentionCase.of(200, mode).plain(), BUDGETS).inputs();
    AttentionInputs attention = inputs.attention();
    for (float[] rows : List.of(attention.q(), attention.k(), attention.v())) {
      int width = rows.length / attention.tokens();
      for (int i = width; i < rows.length; i++) {
        rows[i] = rows[i - width];
      }
    }

    assertAgrees(inputs);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void agreesWithTheOracleWhereOneKeyHasAlmostAllMass(AttentionMode mode) {
    assertAgrees(
        StatisticsCase.of(AttentionCase.of(100, mode).heads(2, 2, 64).scaled(4), BUDGETS).inputs());
  }

  static List<AttentionMode> modes() {
    return AttentionCase.modes();
  }

  @ParameterizedTest
  @EnumSource(StatisticGroup.class)
  void groupsDoNotNeedEachOther(StatisticGroup group) {
    assertAgrees(
        StatisticsCase.of(AttentionCase.of(200, new Full()), BUDGETS).groups(group).inputs());
  }

  @ParameterizedTest
  @MethodSource({"shapes", "random"})
  void askingChangesNoBitOfWhatIsComputed(StatisticsCase given) {
    AttentionInputs inputs = given.attention().inputs();

    AttentionOutputs asked = run(given.inputs()).attention();

    AttentionOutputs unasked;
    try (OperatorSession session = OperatorSession.open(options)) {
      unasked = session.attention(inputs);
    }
    assertThat(asked.selected()).isEqualTo(unasked.selected());
    Agreement.assertSameBits(asked.out(), 0, unasked.out(), 0, unasked.out().length);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void sumsThatAreCarriedOnHaveTheBitsOfOneCall(AttentionMode mode) {
    StatisticsCase whole =
        StatisticsCase.of(AttentionCase.of(231, mode).packed(0, 1, 1, 100, 231), BUDGETS);
    double[] before = run(whole.within(0, 61).inputs()).totals();

    AttentionStatisticsInputs rest = whole.within(61, 231).inputs();
    double[] carried =
        run(new AttentionStatisticsInputs(
                rest.attention(), rest.asked(), rest.ranges(), Optional.of(before)))
            .totals();

    assertThat(carried).isEqualTo(run(whole.inputs()).totals());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void neighboursChangeNoBitOfTheSums(AttentionMode mode) {
    AttentionCase alone = AttentionCase.of(231, mode).heads(1, 4, 32).plain();
    AttentionInputs inputs = alone.inputs();
    double[] sums = run(StatisticsCase.of(alone, BUDGETS).inputs()).totals();

    AttentionInputs twice =
        new AttentionInputs(
            462,
            inputs.queryHeads(),
            inputs.kvHeads(),
            inputs.headDim(),
            doubled(inputs.q()),
            doubled(inputs.k()),
            doubled(inputs.v()),
            Optional.empty(),
            Optional.empty(),
            new int[] {0, 231, 462},
            mode,
            inputs.draws().map(AttentionStatisticsContractTest::twice));
    double[] both =
        run(new AttentionStatisticsInputs(
                twice,
                StatisticsCase.of(alone, BUDGETS).asked(),
                List.of(new QueryRange(0, 231), new QueryRange(0, 231)),
                Optional.empty()))
            .totals();

    assertThat(Arrays.copyOf(both, sums.length)).isEqualTo(sums);
    assertThat(Arrays.copyOfRange(both, sums.length, 2 * sums.length)).isEqualTo(sums);
  }

  private static RandomDraws twice(RandomDraws draws) {
    long seed = draws.documentSeeds().get(0);
    return new RandomDraws(draws.layer(), List.of(seed, seed));
  }

  private static float[] doubled(float[] values) {
    float[] twice = Arrays.copyOf(values, 2 * values.length);
    System.arraycopy(values, 0, twice, values.length, values.length);
    return twice;
  }

  @Test
  void aSinkOfSixTenthsIsFound() {
    int tokens = 700;
    StatisticColumns columns =
        StatisticsCase.of(AttentionCase.of(tokens, new Full())).inputs().columns();

    for (int t = 1; t < tokens; t += 37) {
      double[] sums = run(planted(tokens, t)).totals();

      assertThat(sums[columns.keyMass(0, 0)]).isCloseTo(0.6, within(RELATIVE));
    }
  }

  /** Key 0 has a logit of ln(1.5 t) at query t, above equal others: 1.5 t / (1.5 t + t) = 0.6. */
  private static AttentionStatisticsInputs planted(int tokens, int t) {
    int dim = 32;
    float[] q = new float[tokens * dim];
    float[] k = new float[tokens * dim];
    k[0] = 1;
    for (int i = 1; i < tokens; i++) {
      q[i * dim] = (float) (Math.log(1.5 * i) * Math.sqrt(dim));
    }
    float[] v = AttentionCase.of(tokens, new Full()).heads(1, 1, dim).inputs().v();
    return new AttentionStatisticsInputs(
        inputs(tokens, 1, dim, q, k, v),
        StatisticsCase.of(AttentionCase.of(tokens, new Full())).asked(),
        List.of(new QueryRange(t, t + 1)),
        Optional.empty());
  }

  private static AttentionInputs inputs(
      int tokens, int heads, int dim, float[] q, float[] k, float[] v) {
    return new AttentionInputs(
        tokens,
        heads,
        1,
        dim,
        q,
        k,
        v,
        Optional.empty(),
        Optional.empty(),
        new int[] {0, tokens},
        new Full());
  }

  @ParameterizedTest
  @MethodSource("uniformLengths")
  void attentionToAllAlikeHasTheEntropyOfAllKeys(int tokens) {
    AttentionStatisticsInputs uniform =
        StatisticsCase.of(AttentionCase.of(tokens, new Full()).heads(1, 1, 32))
            .within(tokens - 1, tokens)
            .inputs();
    Arrays.fill(uniform.attention().q(), 0);
    double[] sums = run(uniform).totals();
    StatisticColumns columns = uniform.columns();
    int bucket = (uniform.buckets() - 1) * columns.count();

    assertThat(sums[bucket + columns.entropyBits(0)])
        .isCloseTo(Math.log(tokens) / Math.log(2), within(1e-12));
    assertThat(sums[bucket + columns.entropyNormalised(0)])
        .isCloseTo(tokens == 1 ? 0 : 1, within(1e-12));
    assertThat(sums[bucket + columns.effectiveKeys(0)]).isCloseTo(tokens, within(1e-9));
  }

  static List<Integer> uniformLengths() {
    return List.of(1, 2, 3, 64, 65, 1_000);
  }

  private AttentionStatisticsOutputs run(AttentionStatisticsInputs inputs) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.attentionStatistics(inputs);
    }
  }

  private void assertAgrees(AttentionStatisticsInputs inputs) {
    AttentionStatisticsOutputs outputs = run(inputs);
    OracleSums expected = new OracleSums(inputs, outputs.attention().selected());
    int columns = inputs.columns().count();
    for (int i = 0; i < inputs.sums(); i++) {
      int queries = Math.max(1, expected.queries(i));
      double mean = outputs.totals()[i] / queries;
      double wanted = expected.sums()[i] / queries;
      // Not every time: a description costs more than the comparison.
      if (!(Math.abs(mean - wanted) <= Math.max(ABSOLUTE, RELATIVE * Math.abs(wanted)))) {
        assertThat(mean).describedAs("column %d of %d", i % columns, columns).isEqualTo(wanted);
      }
    }
  }
}
