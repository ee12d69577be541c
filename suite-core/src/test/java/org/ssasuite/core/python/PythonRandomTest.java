package org.ssasuite.core.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

class PythonRandomTest {
  private static final String GOLDEN = "python-random.jsonl";

  static List<JsonNode> randoms() {
    return Golden.vectors(GOLDEN, "random");
  }

  static List<JsonNode> getrandbits() {
    return Golden.vectors(GOLDEN, "getrandbits");
  }

  static List<JsonNode> belows() {
    return Golden.vectors(GOLDEN, "below");
  }

  static List<JsonNode> choices() {
    return Golden.vectors(GOLDEN, "choices");
  }

  static List<JsonNode> shuffles() {
    return Golden.vectors(GOLDEN, "shuffle");
  }

  static List<JsonNode> samples() {
    return Golden.vectors(GOLDEN, "sample");
  }

  static List<JsonNode> singleChoices() {
    return Golden.vectors(GOLDEN, "choice");
  }

  private static PythonRandom seeded(JsonNode vector) {
    return new PythonRandom(vector.get("seed").longValue());
  }

  private static <T> List<T> values(JsonNode vector, Function<JsonNode, T> of) {
    return elements(vector.get("values"), of);
  }

  private static <T> List<T> elements(JsonNode array, Function<JsonNode, T> of) {
    List<T> values = new ArrayList<>();
    array.forEach(value -> values.add(of.apply(value)));
    return values;
  }

  private static List<Integer> range(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("randoms")
  void fractionsArePythons(JsonNode vector) {
    PythonRandom random = seeded(vector);

    assertThat(values(vector, value -> random.random()))
        .isEqualTo(values(vector, value -> Double.parseDouble(value.textValue())));
  }

  @Test
  void wordsBehindTheFirstRoundsArePythons() {
    JsonNode vector = Golden.vectors(GOLDEN, "words").get(0);
    PythonRandom random = seeded(vector);
    for (int i = 0; i < vector.get("skip").intValue(); i++) {
      random.getrandbits(32);
    }

    assertThat(values(vector, value -> random.getrandbits(32)))
        .isEqualTo(values(vector, value -> new BigInteger(value.textValue())));
  }

  @ParameterizedTest
  @MethodSource("getrandbits")
  void bitsOfAnyCountArePythons(JsonNode vector) {
    PythonRandom random = seeded(vector);

    assertThat(elements(vector.get("bits"), bits -> random.getrandbits(bits.intValue())))
        .isEqualTo(values(vector, value -> new BigInteger(value.textValue())));
  }

  @ParameterizedTest
  @MethodSource("belows")
  void numbersBelowALimitArePythons(JsonNode vector) {
    PythonRandom random = seeded(vector);

    assertThat(elements(vector.get("n"), n -> random.below(n.longValue())))
        .isEqualTo(values(vector, JsonNode::longValue));
  }

  @Test
  void numbersOfARangeArePythons() {
    JsonNode vector = Golden.vectors(GOLDEN, "randint").get(0);
    PythonRandom random = seeded(vector);

    assertThat(
            elements(
                vector.get("ranges"),
                range -> random.randint(range.get(0).longValue(), range.get(1).longValue())))
        .isEqualTo(values(vector, JsonNode::longValue));
  }

  @ParameterizedTest
  @MethodSource("singleChoices")
  void choiceIsPythons(JsonNode vector) {
    PythonRandom random = seeded(vector);
    List<Integer> population = range(vector.get("n").intValue());

    assertThat(values(vector, value -> random.choice(population)))
        .isEqualTo(values(vector, JsonNode::intValue));
  }

  @ParameterizedTest
  @MethodSource("shuffles")
  void shuffleIsPythons(JsonNode vector) {
    List<Integer> list = new ArrayList<>(range(vector.get("n").intValue()));

    seeded(vector).shuffle(list);

    assertThat(list).isEqualTo(values(vector, JsonNode::intValue));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void samplesArePythonsBothWays(JsonNode vector) {
    PythonRandom random = seeded(vector);

    assertThat(
            elements(
                vector.get("cases"),
                sizes -> random.sample(sizes.get(0).intValue(), sizes.get(1).intValue())))
        .isEqualTo(values(vector, value -> elements(value, JsonNode::intValue)));
  }

  @Test
  void sampleOfAListTakesItsElements() {
    assertThat(new PythonRandom(42).sample(List.of("a", "b", "c", "d"), 3))
        .isEqualTo(
            new PythonRandom(42)
                .sample(4, 3).stream().map(List.of("a", "b", "c", "d")::get).toList());
  }

  @ParameterizedTest
  @MethodSource("choices")
  void choicesArePythons(JsonNode vector) {
    PythonRandom random = seeded(vector);
    List<String> letters = List.of(vector.get("population").textValue().split(""));

    assertThat(
            elements(
                vector.get("counts"),
                count -> String.join("", random.choices(letters, count.intValue()))))
        .isEqualTo(values(vector, JsonNode::textValue));
  }

  @Test
  void negativeSeedIsRefused() {
    assertThatThrownBy(() -> new PythonRandom(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("seed -1 is negative");
  }

  @Test
  void sampleLargerThanThePopulationIsRefused() {
    assertThatThrownBy(() -> new PythonRandom(1).sample(3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sample of 4 out of 3");
  }

  @Test
  void emptyRangeIsRefused() {
    assertThatThrownBy(() -> new PythonRandom(1).randint(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a random number from 2 to 1");
  }

  @Test
  void nothingIsBelowZero() {
    assertThatThrownBy(() -> new PythonRandom(1).below(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a random number below 0");
  }
}
