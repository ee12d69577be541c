package org.ssasuite.leaderboards.report.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;

class CheckpointSeriesTest {
  @TempDir Path folder;
  private final List<FinishedRun> runs = new ArrayList<>();

  private void run(String asked, double loss) {
    String name = Path.of(asked).getFileName().toString();
    Path run =
        new PlantedRun(name, "full")
            .asked(asked)
            .losses("books", loss, loss + 1)
            .write(folder.resolve("run" + runs.size()));
    runs.add(new FinishedRun(run.toString(), CheckedRun.open(run).result()));
  }

  private Optional<Section> section() {
    return CheckpointSeries.of(Leaderboard.of(runs));
  }

  @Test
  void aTrainingsCheckpointsAreACurveOverItsSteps() {
    run("mine/checkpoints/step-00000200", 2);
    run("mine/checkpoints/step-00000100", 3);
    run("other/checkpoints/step-00000100", 4);

    Curves.Curve curve = section().orElseThrow().curves().get(0).curves().get(0);
    assertThat(section().orElseThrow().curves().get(0).curves()).hasSize(1);
    assertThat(curve.name()).isEqualTo("mine full");
    assertThat(curve.points()).extracting(Curves.Point::x).containsExactly(100.0, 200.0);
    assertThat(section().orElseThrow().rows()).hasSize(2);
  }

  @Test
  void aNameBeforeTheStepTellsTrainingsApart() {
    run("a-step100", 2);
    run("a-step200", 3);
    run("b_checkpoint-100", 4);
    run("b_checkpoint-300", 5);

    assertThat(section().orElseThrow().curves().get(0).curves())
        .extracting(Curves.Curve::name)
        .containsExactly("a full", "b full");
  }

  @Test
  void modelsWithoutStepsAreNoSeries() {
    run("my-llama-2", 2);
    run("my-llama-3", 3);
    run("alone-step-5", 3);

    assertThat(section()).isEmpty();
  }
}
