package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.oracle.TokenDivergenceOracle;
import org.ssasuite.runtime.random.RandomStreams;

/** What every kernel of the divergence of two vocabulary heads keeps to. */
@ParameterizedClass
@EnumSource(value = Isa.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class TokenDivergenceContractTest {
  private static final double TOLERANCE = 1e-4;

  private final Isa isa;

  TokenDivergenceContractTest(Isa isa) {
    this.isa = isa;
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(isa);
  }

  /**
   * Random heads whose logits have the standard deviation {@code logitSize}; those of B are A's
   * with a share of others, where widths allow it.
   */
  record Shape(int tokens, int widthA, int widthB, int vocabulary, double logitSize, double apart) {
    TokenDivergenceInputs inputs() {
      RandomStreams streams = new RandomStreams(11);
      int[] targets = new int[tokens];
      for (int t = 0; t < tokens; t++) {
        targets[t] = (int) Long.remainderUnsigned(streams.named("targets").bits(t), vocabulary);
      }
      TokenDivergenceInputs.Side a = side(streams, "a", widthA);
      TokenDivergenceInputs.Side b = side(streams, "b", widthB);
      if (widthA == widthB) {
        for (int i = 0; i < b.hidden().length; i++) {
          b.hidden()[i] = (float) (a.hidden()[i] + apart * b.hidden()[i]);
        }
        System.arraycopy(a.weight(), 0, b.weight(), 0, a.weight().length);
      }
      return new TokenDivergenceInputs(tokens, vocabulary, a, b, targets);
    }

    private TokenDivergenceInputs.Side side(RandomStreams streams, String name, int width) {
      return new TokenDivergenceInputs.Side(
          width,
          streams.named("hidden " + name).normals(tokens * width, logitSize),
          streams.named("weight " + name).normals(vocabulary * width, 1 / Math.sqrt(width)));
    }
  }

  static Stream<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (int vocabulary : List.of(1, 2, 9, 10, 11, 63, 64, 65, 1_000, 4_097)) {
      for (int tokens : List.of(1, 2, 7, 65)) {
        shapes.add(new Shape(tokens, 37, 37, vocabulary, 3, 0.3));
      }
    }
    for (int width : List.of(1, 3, 16, 100, 1_031)) {
      shapes.add(new Shape(5, width, 40, 333, 3, 1));
      shapes.add(new Shape(5, 40, width, 333, 3, 1));
    }
    for (double apart : List.of(1e-4, 1e-2, 10.0)) {
      shapes.add(new Shape(20, 64, 64, 3_001, 3, apart));
    }
    shapes.add(new Shape(300, 24, 24, 2_049, 3, 0.3));
    shapes.add(new Shape(3, 20, 20, 128_256, 3, 0.3));
    shapes.add(new Shape(20, 64, 64, 3_001, 30, 0.3));
    shapes.add(new Shape(20, 64, 64, 3_001, 0, 0.3));
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithTheOracle(Shape shape) {
    TokenDivergenceInputs inputs = shape.inputs();

    requireAgreement(inputs, run(inputs, 2));
  }

  static void requireAgreement(TokenDivergenceInputs inputs, TokenDivergenceOutputs outputs) {
    TokenDivergenceOracle oracle = new TokenDivergenceOracle(inputs);
    for (int t = 0; t < inputs.tokens(); t++) {
      assertClose(outputs.kl(t), oracle.kl(t));
      assertClose(outputs.klReverse(t), oracle.klReverse(t));
      assertClose(outputs.topTen(t), oracle.topTen(t));
      int target = inputs.targets()[t];
      assertClose(outputs.logprobA(t), oracle.a().logprobs(t)[target]);
      assertClose(outputs.logprobB(t), oracle.b().logprobs(t)[target]);
      assertThat(outputs.sameTop(t)).isEqualTo(oracle.a().argmax(t) == oracle.b().argmax(t));
    }
  }

  /** Of what is large the logits' own rounding is a share. */
  private static void assertClose(double found, double expected) {
    assertThat(found).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected) / 10)));
  }

  @Test
  void likeAndLikeAreNotApartByABit() {
    TokenDivergenceInputs some = new Shape(70, 40, 40, 5_003, 3, 0.3).inputs();
    TokenDivergenceInputs same =
        new TokenDivergenceInputs(70, 5_003, some.a(), some.a(), some.targets());

    TokenDivergenceOutputs outputs = run(same, 2);

    for (int t = 0; t < 70; t++) {
      assertThat(outputs.kl(t)).isZero();
      assertThat(outputs.klReverse(t)).isZero();
      assertThat(outputs.sameTop(t)).isTrue();
      assertThat(outputs.logprobA(t)).isEqualTo(outputs.logprobB(t));
    }
  }

  @Test
  void neverBelowZeroByMoreThanTheRoundingOfDoubles() {
    TokenDivergenceInputs inputs = new Shape(200, 40, 40, 5_003, 10, 1e-6).inputs();

    TokenDivergenceOutputs outputs = run(inputs, 2);

    assertThat(IntStream.range(0, 200).mapToDouble(outputs::kl).min().orElseThrow())
        .isGreaterThanOrEqualTo(-1e-9);
    assertThat(IntStream.range(0, 200).mapToDouble(outputs::klReverse).min().orElseThrow())
        .isGreaterThanOrEqualTo(-1e-9);
  }

  @Test
  void whatAFindsImpossibleAddsNothingAndWhatBFindsImpossibleEverything() {
    float never = Float.NEGATIVE_INFINITY;
    TokenDivergenceInputs inputs =
        new TokenDivergenceInputs(
            1,
            3,
            new TokenDivergenceInputs.Side(1, new float[] {1}, new float[] {0, 0, never}),
            new TokenDivergenceInputs.Side(1, new float[] {1}, new float[] {0, 0, 0}),
            new int[] {0});

    TokenDivergenceOutputs outputs = run(inputs, 1);

    assertThat(outputs.kl(0)).isCloseTo(Math.log(1.5), within(1e-12));
    assertThat(outputs.klReverse(0)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void theTenBestOfEqualsAreTheFirstTen() {
    // B finds all ids equally good; A likes an id the more the higher it is.
    int vocabulary = 200;
    float[] rising = new float[vocabulary];
    for (int id = 0; id < vocabulary; id++) {
      rising[id] = 0.01f * id;
    }
    TokenDivergenceInputs inputs =
        new TokenDivergenceInputs(
            1,
            vocabulary,
            new TokenDivergenceInputs.Side(1, new float[] {1}, rising),
            new TokenDivergenceInputs.Side(1, new float[] {1}, new float[vocabulary]),
            new int[] {0});

    double firstTen = IntStream.range(0, 10).mapToDouble(id -> Math.exp(rising[id])).sum();
    double all = IntStream.range(0, vocabulary).mapToDouble(id -> Math.exp(rising[id])).sum();
    assertThat(run(inputs, 1).topTen(0)).isCloseTo(firstTen / all, within(1e-12));
  }

  @Test
  void whatIsNoNumberStaysInItsRow() {
    TokenDivergenceInputs clean = new Shape(9, 33, 33, 1_000, 3, 0.3).inputs();
    TokenDivergenceInputs spoilt = new Shape(9, 33, 33, 1_000, 3, 0.3).inputs();
    spoilt.b().hidden()[4 * 33 + 20] = Float.NaN;

    double[] expected = run(clean, 2).figures();
    TokenDivergenceOutputs outputs = run(spoilt, 2);

    assertThat(outputs.kl(4)).isNaN();
    assertThat(outputs.logprobB(4)).isNaN();
    for (int i = 0; i < expected.length; i++) {
      if (i / 5 != 4) {
        assertThat(outputs.figures()[i]).isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void rowsHaveTheSameBitsInABiggerBatchAndOnAnyThreads() {
    TokenDivergenceInputs inputs = new Shape(300, 40, 40, 2_100, 3, 0.3).inputs();
    double[] whole = run(inputs, 2).figures();

    assertThat(run(inputs, 1).figures()).isEqualTo(whole);
    for (int from : List.of(0, 1, 17, 150, 299)) {
      for (int count : List.of(1, 2, 5, 33)) {
        int to = Math.min(300, from + count);
        assertThat(run(rows(inputs, from, to), 1).figures())
            .isEqualTo(Arrays.copyOfRange(whole, 5 * from, 5 * to));
      }
    }
  }

  private static TokenDivergenceInputs rows(TokenDivergenceInputs in, int from, int to) {
    return new TokenDivergenceInputs(
        to - from,
        in.vocabulary(),
        rows(in.a(), from, to),
        rows(in.b(), from, to),
        Arrays.copyOfRange(in.targets(), from, to));
  }

  private static TokenDivergenceInputs.Side rows(TokenDivergenceInputs.Side in, int from, int to) {
    return new TokenDivergenceInputs.Side(
        in.width(),
        Arrays.copyOfRange(in.hidden(), from * in.width(), to * in.width()),
        in.weight());
  }

  private TokenDivergenceOutputs run(TokenDivergenceInputs inputs, int threads) {
    RuntimeOptions options = new RuntimeOptions(threads, Device.CPU, Precision.FP32, isa);
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.tokenDivergence(inputs);
    }
  }
}
