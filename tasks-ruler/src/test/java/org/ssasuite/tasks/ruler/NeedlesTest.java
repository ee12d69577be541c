package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.tasks.ruler.generator.RulerSample;
import org.ssasuite.tasks.ruler.text.Span;

class NeedlesTest {
  @TempDir Path folder;

  @Test
  void neededAnswersAreFoundOneByOne() {
    RulerTask task =
        new Bench(folder).task("niah_multivalue_pd", Bench.order("nvidia-2025", 2048, 42, 1));
    RulerSample sample = task.samples().findFirst().orElseThrow();
    Needles needles = task.needles(sample).orElseThrow();
    String answer = " " + sample.outputs().get(1) + " and " + sample.outputs().get(3);

    assertThat(needles.found(new Generation(answer, 9, ContextFit.whole(1), Optional.empty())))
        .containsExactly(false, true, false, true);
  }

  @Test
  void aNeedleIsWhereTheRequestLooks() {
    RulerTask task =
        new Bench(folder).task("niah_single_1", Bench.order("nvidia-2025", 2048, 42, 3));

    assertThat(task.samples())
        .allSatisfy(
            sample -> {
              Generate request = (Generate) task.requests(sample).get(0);
              SpanObservation looked = (SpanObservation) request.observe().observations().get(0);
              Needle needle = task.needles(sample).orElseThrow().all().get(0);
              assertThat(looked.spans()).containsExactly(needle.span());
              assertThat(request.prompt().substring(needle.span().from(), needle.span().to()))
                  .contains(sample.outputs().get(0));
            });
  }

  @Test
  void wordsHaveNoNeedles() {
    RulerTask task = new Bench(folder).task("fwe", Bench.order("nvidia-2025", 2048, 42, 1));

    assertThat(task.needles(task.samples().findFirst().orElseThrow())).isEmpty();
  }

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
