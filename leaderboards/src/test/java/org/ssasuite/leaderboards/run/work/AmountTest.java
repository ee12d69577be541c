package org.ssasuite.leaderboards.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0.00 B",
        "7 | 7.00 B",
        "12.34 | 12.3 B",
        "640 | 640 B",
        "999.4 | 999 B",
        "999.6 | 1.00 kB",
        "1234567 | 1.23 MB",
        "99960000 | 100 MB",
        "3.4e15 | 3.40 PB"
      })
  void threeDigitsAndAPrefix(double amount, String text) {
    assertThat(Amount.of(amount) + "B").isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.2 | less than a second",
        "1.4 | 1 s",
        "119 | 119 s",
        "150 | 3 min",
        "7000 | 117 min",
        "9000 | 2.5 h",
        "360000 | 100 h"
      })
  void timesHaveTheUnitThatPeopleCountIn(double seconds, String text) {
    assertThat(Amount.time(seconds)).isEqualTo(text);
  }
}
