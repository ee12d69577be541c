package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.tasks.ruler.text.Span;

class NeedlesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "niah_single_1",
        "niah_multikey_1_pd",
        "niah_multikey_3",
        "niah_multivalue_pd",
        "niah_multiquery_pd",
        "vt"
      })
  void everyAnswerStandsInItsNeedle(String task) {
    for (String version : new String[] {"nvidia-2025", "nvidia-2024", "lmeval-0.4.9"}) {
      new Bench(folder)
          .task(task, Bench.order(version, 2048, 42, 3))
          .samples()
          .forEach(
              sample -> {
                assertThat(sample.needles()).hasSameSizeAs(sample.outputs());
                for (int i = 0; i < sample.outputs().size(); i++) {
                  Span needle = sample.needles().get(i);
                  assertThat(sample.input().substring(needle.from(), needle.to()))
                      .containsAnyOf("special magic", "VAR " + sample.outputs().get(i))
                      .contains(sample.outputs().get(i));
                }
              });
    }
  }
}
