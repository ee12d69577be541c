package org.ssasuite.leaderboards.report.lmeval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.ssasuite.leaderboards.report.FinishedRun;

class HarnessFileTest {
  @TempDir Path folder;

  private HarnessFile file(String model) {
    Path run =
        new PlantedRun(model, "sparse:16x16")
            .answers("quiz", 1, 1, 1, 0)
            .losses("books", 1, 2)
            .write(folder.resolve("run"));
    List<HarnessFile> files =
        HarnessFile.of(new FinishedRun(run.toString(), CheckedRun.open(run).result()), 1);
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  @Test
  void sharesAreFractionsWithTheStandardErrorOfTheHarness() throws IOException {
    JsonNode json = new ObjectMapper().readTree(file("mine").text());
    assertThat(json.at("/results/quiz/m,none").doubleValue()).isEqualTo(0.75);
    // mean_stderr of [1, 1, 1, 0] in lm_eval/api/metrics.py: √(0.25 / 4).
    assertThat(json.at("/results/quiz/m_stderr,none").doubleValue()).isCloseTo(0.25, within(1e-12));
    assertThat(json.at("/higher_is_better/quiz/m").booleanValue()).isTrue();
    assertThat(json.at("/n-samples/quiz/effective").intValue()).isEqualTo(4);
    assertThat(json.at("/versions/quiz").isIntegralNumber()).isTrue();
  }

  @Test
  void perplexitiesAreAsTheyAre() throws IOException {
    JsonNode json = new ObjectMapper().readTree(file("mine").text());
    assertThat(json.at("/results/books/m,none").doubleValue())
        .isCloseTo(Math.exp(1.5), within(1e-12));
  }

  @Test
  void namesOfModelsLeadNowhere() {
    assertThat(file("../../up").name()).isEqualTo("lm-eval-1-.._.._up-sparse_16x16.json");
  }
}
