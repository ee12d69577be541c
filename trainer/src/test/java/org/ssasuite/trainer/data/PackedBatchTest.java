package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedBatchTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 4|no document starts at 2",
        "0 2|no document starts at 4",
        "0 2 2 4|do not ascend",
        "0 2 4 5|from 0 to 5",
        "1 2 4|no document starts at 0"
      })
  void documentStartsCoverEveryRow(String starts, String fact) {
    int[] offsets = Arrays.stream(starts.split(" ", -1)).mapToInt(Integer::parseInt).toArray();

    assertThatThrownBy(
            () ->
                new PackedBatch(2, 2, new int[4], new int[4], new int[4], new boolean[4], offsets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fact);
  }
}
