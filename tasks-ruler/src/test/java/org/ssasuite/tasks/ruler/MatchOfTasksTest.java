package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.tasks.ruler.generator.RulerTaskName.Base;
import org.ssasuite.tasks.ruler.generator.RulerVersion;

class MatchOfTasksTest {
  /** lm-eval's maximum is over one sample, so that it is the share of references. */
  @Test
  void questionsTakeTheBestReferenceButForLmEval() {
    List<String> references = List.of("in Paris", "Paris", "Paris, France");

    assertThat(
            RulerTask.match(Base.QA_1, RulerVersion.NVIDIA_2025).score("It is Paris.", references))
        .isEqualTo(1);
    assertThat(RulerTask.match(Base.QA_1, RulerVersion.LMEVAL).score("It is Paris.", references))
        .isEqualTo(1.0 / 3);
  }
}
