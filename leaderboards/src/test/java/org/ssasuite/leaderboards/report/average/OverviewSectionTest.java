package org.ssasuite.leaderboards.report.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;
import org.ssasuite.leaderboards.report.samples.RowLogs;

class OverviewSectionTest {
  @TempDir Path folder;

  private Path run(PlantedRun run, String name) throws IOException {
    return run.write(folder.resolve(name));
  }

  private static Optional<Section> overview(Path... folders) {
    List<FinishedRun> runs =
        Stream.of(folders)
            .map(each -> new FinishedRun(each.toString(), CheckedRun.open(each).result()))
            .toList();
    Leaderboard leaderboard = Leaderboard.of(runs);
    return OverviewSection.of(leaderboard, SuiteAverages.of(leaderboard, new RowLogs()));
  }

  private static Cell average(Section section, int row) {
    List<String> keys = section.columns().stream().map(Column::key).toList();
    int at =
        keys.indexOf(keys.stream().filter(key -> key.startsWith("average_")).findFirst().get());
    return section.rows().get(row).cells().get(at);
  }

  @Test
  void averageStandsBesideTheTasksOfWhoeverHasAllOfThem() throws IOException {
    Path whole =
        run(
            new PlantedRun("whole", "full").answers("quiz", 1, 0).answers("riddles", 1, 1),
            "whole");
    Path half = run(new PlantedRun("half", "full").answers("quiz", 1, 1), "half");

    Section section = overview(whole, half).orElseThrow();

    assertThat(section.rows()).hasSize(2);
    assertThat(average(section, 0)).isEqualTo(Cell.of(75.0));
    assertThat(average(section, 1)).isEqualTo(Cell.absent());
  }

  @Test
  void lossesHaveNoAverage() throws IOException {
    PlantedRun losses = new PlantedRun("m", "full").losses("books", 1, 2).losses("films", 1, 2);
    PlantedRun others = new PlantedRun("n", "full").losses("books", 1, 2).losses("films", 1, 2);

    Section section = overview(run(losses, "m"), run(others, "n")).orElseThrow();

    assertThat(section.columns()).noneMatch(column -> column.key().startsWith("average_"));
  }

  @Test
  void oneModelAloneNeedsNone() throws IOException {
    PlantedRun one = new PlantedRun("m", "full").answers("quiz", 1, 0).answers("riddles", 1, 1);

    assertThat(overview(run(one, "m"))).isEmpty();
  }

  private static List<Cell> names(Section section) {
    return section.rows().stream().map(row -> row.cells().get(0)).toList();
  }

  @Test
  void tasksOfSeveralRunsOfAModelAreOneLine() throws IOException {
    Path quiz = run(new PlantedRun("m", "full").answers("quiz", 1, 0), "quiz");
    Path riddles = run(new PlantedRun("m", "full").answers("riddles", 1, 1), "riddles");
    Path other = run(new PlantedRun("n", "full").answers("quiz", 1, 0), "other");

    Section section = overview(quiz, riddles, other).orElseThrow();

    assertThat(names(section)).containsExactly(Cell.of("m"), Cell.of("n"));
    assertThat(average(section, 0)).isEqualTo(Cell.of(75.0));
  }

  @Test
  void theSameTaskTwiceIsTwoLines() throws IOException {
    Path first = run(new PlantedRun("m", "full").answers("quiz", 1, 0), "first");
    Path again =
        run(new PlantedRun("m", "full").answers("quiz", 1, 0).answers("riddles", 1, 1), "again");

    assertThat(names(overview(first, again).orElseThrow()))
        .containsExactly(Cell.of("m (run 1)"), Cell.of("m (run 2)"));
  }

  @Test
  void modelsOfOneNameThatDifferAreTwoLines() throws IOException {
    Path plain = run(new PlantedRun("m", "full").answers("quiz", 1, 0), "plain");
    PlantedRun scaled = new PlantedRun("m", "full").fact("rope", "llama3:4");

    assertThat(names(overview(plain, run(scaled.answers("riddles", 1, 1), "scaled")).orElseThrow()))
        .containsExactly(Cell.of("m (run 1)"), Cell.of("m (run 2)"));
  }
}
