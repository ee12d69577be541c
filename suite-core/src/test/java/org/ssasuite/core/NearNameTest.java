package org.ssasuite.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNameTest {
  private static final List<String> TASKS = List.of("piqa", "arc_easy", "pg19", "niah_single_1");

  @Test
  void theNearestNameIsMeant() {
    assertThat(NearName.hint("pica", TASKS)).isEqualTo("; did you mean piqa?");
    assertThat(NearName.hint("arceasy", TASKS)).isEqualTo("; did you mean arc_easy?");
    assertThat(NearName.hint("niah_singel_1", TASKS)).isEqualTo("; did you mean niah_single_1?");
  }

  @Test
  void nothingIsMeantByWhatIsFarFromAll() {
    assertThat(NearName.hint("gsm8k", TASKS)).isEmpty();
  }

  @Test
  void ofNamesEquallyNearTheFirstIsMeant() {
    assertThat(NearName.hint("abx", List.of("abd", "abc"))).isEqualTo("; did you mean abd?");
  }
}
