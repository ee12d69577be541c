package org.ssasuite.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PropertyTest {
  @Test
  void checksAsManyValuesAsAsked() {
    List<Integer> seen = new ArrayList<>();
    Property.forAll(Random::nextInt, 25, seen::add);
    assertThat(seen).hasSize(25);
  }

  @Test
  void seedOfAFailureMakesTheSameValueAgain() {
    List<Long> seen = new ArrayList<>();
    Property.Check<Long> failing =
        value -> {
          seen.add(value);
          assertThat(value).isZero();
        };
    assertThatThrownBy(() -> Property.forAll(Random::nextLong, 1, failing))
        .isInstanceOf(AssertionError.class)
        .satisfies(
            failure ->
                assertThatThrownBy(
                        () -> Property.checkCase(seed(failure), Random::nextLong, failing))
                    .isInstanceOf(AssertionError.class));
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
  }

  @Test
  void stringsStayWithinTheAlphabet() {
    Property.forAll(
        Property.strings("aß😀", 9), 50, text -> assertThat(text).matches("(a|ß|😀){0,9}"));
  }

  private static long seed(Throwable failure) {
    Matcher matcher = Pattern.compile("seed=(-?\\d+)").matcher(failure.getMessage());
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
