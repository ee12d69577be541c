package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.oracle.TokenLogProbOracle;
import org.ssasuite.runtime.random.RandomStreams;

/** What every kernel of the vocabulary head keeps to. */
@ParameterizedClass
@EnumSource(Isa.class)
class TokenLogProbContractTest {
  private static final double UNIT = 0x1p-24;

  private final Isa isa;

  TokenLogProbContractTest(Isa isa) {
    this.isa = isa;
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(isa);
  }

  /** Random hidden states and weights; logits have the standard deviation {@code logitSize}. */
  record Shape(int tokens, int width, int vocabulary, double logitSize) {
    TokenLogProbInputs inputs() {
      RandomStreams streams = new RandomStreams(7);
      int[] targets = new int[tokens];
      for (int t = 0; t < tokens; t++) {
        targets[t] = (int) Long.remainderUnsigned(streams.named("targets").bits(t), vocabulary);
      }
      return new TokenLogProbInputs(
          tokens,
          width,
          vocabulary,
          streams.named("hidden").normals(tokens * width, logitSize),
          streams.named("weight").normals(vocabulary * width, 1 / Math.sqrt(width)),
          targets);
    }
  }

  static Stream<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (int vocabulary : List.of(1, 2, 15, 16, 17, 1_000, 4_097)) {
      for (int tokens : List.of(1, 2, 7, 65)) {
        shapes.add(new Shape(tokens, 37, vocabulary, 3));
      }
    }
    for (int width : List.of(1, 3, 16, 40, 100, 192, 1_031)) {
      shapes.add(new Shape(5, width, 333, 3));
    }
    shapes.add(new Shape(300, 24, 2_049, 3));
    shapes.add(new Shape(12, 20, 50_257, 3));
    shapes.add(new Shape(20, 64, 3_001, 1_000));
    shapes.add(new Shape(20, 64, 3_001, 0));
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithTheOracle(Shape shape) {
    assertAgrees(shape.inputs());
  }

  @Test
  void tiesGoToTheLowerId() {
    TokenLogProbInputs inputs = new Shape(9, 33, 1_000, 3).inputs();
    int row = inputs.width();
    // Every word twice, far apart: in other lanes, tiles and chunks.
    System.arraycopy(inputs.weight(), 0, inputs.weight(), 500 * row, 500 * row);

    assertThat(Arrays.stream(run(inputs, 2).argmax()).boxed()).allMatch(id -> id < 500);
    assertAgrees(inputs);
  }

  @Test
  void equalLogitsGiveTheFirstId() {
    TokenLogProbInputs inputs = new Shape(3, 20, 5_000, 0).inputs();

    assertThat(run(inputs, 2).argmax()).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteStaysInItsRow(float value) {
    TokenLogProbInputs clean = new Shape(9, 33, 1_000, 3).inputs();
    TokenLogProbInputs spoilt = new Shape(9, 33, 1_000, 3).inputs();
    spoilt.hidden()[4 * 33 + 20] = value;

    float[] expected = run(clean, 2).logprob();
    TokenLogProbOutputs outputs = run(spoilt, 2);

    Agreement.assertSameBits(outputs.logprob(), 0, expected, 0, 4);
    Agreement.assertSameBits(outputs.logprob(), 5, expected, 5, 4);
    assertThat(outputs.logprob()[4]).isNaN();
    assertThat(outputs.argmax()[4]).isBetween(0, 999);
  }

  @Test
  void impossibleWordHasProbabilityZero() {
    // The score of word 2 is −∞, of the others 1 and 2.
    TokenLogProbInputs inputs =
        new TokenLogProbInputs(
            2,
            1,
            3,
            new float[] {1, 1},
            new float[] {1, 2, Float.NEGATIVE_INFINITY},
            new int[] {2, 1});

    TokenLogProbOutputs outputs = run(inputs, 1);

    assertThat(outputs.logprob()[0]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(outputs.logprob()[1]).isFinite();
    assertThat(outputs.argmax()).containsExactly(1, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 128, 1_000, 1_024, 1_500, 3_000, 3_199})
  void impossibleWordsWeighNothing(int impossible) {
    // The first words' scores are −∞, the others' 0.
    float[] weight = new float[3_200];
    Arrays.fill(weight, 0, impossible, Float.NEGATIVE_INFINITY);
    TokenLogProbInputs inputs =
        new TokenLogProbInputs(1, 1, 3_200, new float[] {1}, weight, new int[] {3_199});

    TokenLogProbOutputs outputs = run(inputs, 1);

    assertThat(outputs.logprob()[0])
        .isCloseTo((float) -Math.log(3_200 - impossible), within(1e-6f));
    assertThat(outputs.argmax()[0]).isEqualTo(impossible);
  }

  @Test
  void rowsHaveTheSameBitsInABiggerBatch() {
    TokenLogProbInputs inputs = new Shape(300, 40, 2_100, 3).inputs();
    TokenLogProbOutputs whole = run(inputs, 2);
    for (int from : List.of(0, 1, 17, 150, 299)) {
      for (int count : List.of(1, 2, 5, 33)) {
        int to = Math.min(300, from + count);
        TokenLogProbOutputs part = run(rows(inputs, from, to), 1);
        Agreement.assertSameBits(part.logprob(), 0, whole.logprob(), from, to - from);
        Agreement.assertSameBits(part.argmaxLogprob(), 0, whole.argmaxLogprob(), from, to - from);
        assertThat(part.argmax()).isEqualTo(Arrays.copyOfRange(whole.argmax(), from, to));
      }
    }
  }

  @Test
  void threadsDoNotMatter() {
    TokenLogProbInputs inputs = new Shape(77, 40, 5_000, 3).inputs();

    TokenLogProbOutputs one = run(inputs, 1);
    TokenLogProbOutputs two = run(inputs, 2);

    Agreement.assertSameBits(two.logprob(), 0, one.logprob(), 0, 77);
    Agreement.assertSameBits(two.argmaxLogprob(), 0, one.argmaxLogprob(), 0, 77);
    assertThat(two.argmax()).isEqualTo(one.argmax());
  }

  private void assertAgrees(TokenLogProbInputs inputs) {
    TokenLogProbOutputs outputs = run(inputs, 2);

    TokenLogProbOracle oracle = new TokenLogProbOracle(inputs);
    for (int t = 0; t < inputs.tokens(); t++) {
      double[] logprobs = oracle.logprobs(t);
      double tolerance = tolerance(inputs, t);
      double target = logprobs[inputs.targets()[t]];
      int argmax = outputs.argmax()[t];
      // Rounding the result itself comes on top of the logits' errors.
      assertThat((double) outputs.logprob()[t])
          .isBetween(target - tolerance + UNIT * target, target + tolerance - UNIT * target);
      assertThat(argmax).isBetween(0, inputs.vocabulary() - 1);
      assertThat(logprobs[argmax]).isGreaterThanOrEqualTo(logprobs[oracle.argmax(t)] - tolerance);
      assertThat((double) outputs.argmaxLogprob()[t])
          .isBetween(
              logprobs[argmax] - tolerance + UNIT * logprobs[argmax],
              logprobs[argmax] + tolerance - UNIT * logprobs[argmax]);
    }
  }

  /**
   * A logit is a sum of E products in fp32: its error is some units of the products' sizes summed,
   * the more the longer the sum. The normaliser's is no larger, and the sum of exponentials adds a
   * few units of its own.
   */
  private static double tolerance(TokenLogProbInputs inputs, int token) {
    double most = 0;
    for (int id = 0; id < inputs.vocabulary(); id++) {
      double size = 0;
      for (int e = 0; e < inputs.width(); e++) {
        size +=
            Math.abs(
                (double) inputs.hidden()[token * inputs.width() + e]
                    * inputs.weight()[id * inputs.width() + e]);
      }
      most = Math.max(most, size);
    }
    return UNIT * (16 + 4 * most);
  }

  private static TokenLogProbInputs rows(TokenLogProbInputs in, int from, int to) {
    return new TokenLogProbInputs(
        to - from,
        in.width(),
        in.vocabulary(),
        Arrays.copyOfRange(in.hidden(), from * in.width(), to * in.width()),
        in.weight(),
        Arrays.copyOfRange(in.targets(), from, to));
  }

  private TokenLogProbOutputs run(TokenLogProbInputs inputs, int threads) {
    RuntimeOptions options = new RuntimeOptions(threads, Device.CPU, Precision.FP32, isa);
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.tokenLogProb(inputs);
    }
  }
}
