package org.ssasuite.runtime.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomStreamsTest {
  @Test
  void isSplitmix64FromTheOrigin() {
    // The generator's widely published first outputs for seed 1234567.
    RandomStreams.Stream stream = new RandomStreams.Stream(1234567);

    assertThat(LongStream.range(0, 5).map(stream::bits))
        .containsExactly(
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423"),
            4593380528125082431L,
            Long.parseUnsignedLong("16408922859458223821"));
  }

  @Test
  void hashesNamesWithFnv1a64() {
    // From the FNV authors' test vectors: "", "a", "foobar".
    assertThat(fnv("")).isEqualTo(0xCBF29CE484222325L);
    assertThat(fnv("a")).isEqualTo(0xAF63DC4C8601EC8CL);
    assertThat(fnv("foobar")).isEqualTo(0x85944171F73967E8L);
  }

  @Test
  void originMixesTheSeedAndHashesTheName() {
    RandomStreams.Stream expected =
        new RandomStreams.Stream(RandomStreams.mix64(42) ^ fnv("model.norm.weight"));

    assertThat(new RandomStreams(42).named("model.norm.weight").bits(7))
        .isEqualTo(expected.bits(7));
  }

  @Test
  void normalValuesHaveMeanZeroAndVarianceOne() {
    RandomStreams.Stream stream = new RandomStreams(1).named("x");
    double[] z = IntStream.range(0, 100_000).mapToDouble(stream::normal).toArray();

    // Five standard errors: of the mean 1/√n, of the mean square √((E z⁴ − 1)/n) with E z⁴ = 2.7.
    assertThat(DoubleStream.of(z).average().orElseThrow()).isCloseTo(0, within(0.016));
    assertThat(DoubleStream.of(z).map(x -> x * x).average().orElseThrow())
        .isCloseTo(1, within(0.021));
  }

  @Test
  void unitValuesStayBelowOne() {
    float[] units = new RandomStreams(1).named("x").units(10_000);

    for (float unit : units) {
      assertThat(unit).isBetween(0f, Math.nextDown(1f));
    }
  }

  @Test
  void normalsAreScaledBeforeRounding() {
    RandomStreams.Stream stream = new RandomStreams(9).named("q");

    assertThat(stream.normals(3, 1.5)[2]).isEqualTo((float) (1.5 * stream.normal(2)));
  }

  private static long fnv(String name) {
    return RandomStreams.fnv1a64(name.getBytes(StandardCharsets.UTF_8));
  }
}
