package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpResult;

class LongBenchSectionsTest {
  private static MadeUpResult made(String task, double score) {
    return MadeUpResult.of(new TaskId("longbench", task, 1))
        .from(TaskOrder.of(task).withLength(3500))
        .with("f1", score);
  }

  private static List<Section> sections(MadeUpResult... results) {
    return new LongBenchTasks().sections(Stream.of(results).map(MadeUpResult::reported).toList());
  }

  /** As heading and value, of the columns behind the sets. */
  private static List<String> averages(MadeUpResult... results) {
    Section section = sections(results).get(0);
    List<String> averages = new ArrayList<>();
    for (int i = 4; i < section.columns().size(); i++) {
      Column column = section.columns().get(i);
      Cell.Real cell = (Cell.Real) section.rows().get(0).cells().get(i);
      averages.add(column.heading() + " " + cell.value());
    }
    return averages;
  }

  private static Cell last(Section section) {
    List<Cell> cells = section.rows().get(0).cells();
    return cells.get(cells.size() - 1);
  }

  @Test
  void averagesAreThoseOfRoundedScores() {
    assertThat(averages(made("qasper", 10.004), made("hotpotqa", 20.004)))
        .containsExactly(
            "Average 15.0", "single document qa 10.0", "multi document qa 20.0", "en 15.0");
  }

  @Test
  void codeIsOneColumnThoughItIsALanguageToo() {
    assertThat(averages(made("lcc", 30))).containsExactly("Average 30.0", "code 30.0");
  }

  @Test
  void bucketsAreOverTheSetsThatHaveSamplesInThem() {
    MadeUpResult both = made("qasper", 10).with("f1", LongBenchTask.bucket(LengthBucket.SHORT), 12);

    assertThat(averages(both, made("lcc", 30))).contains("0-4k 12.0");
  }

  @Test
  void trainedLengthIsTheModelsOwn() {
    MadeUpResult made =
        made("qasper", 10)
            .with("f1", LongBenchTask.trained(4096, true), 1)
            .with("f1", LongBenchTask.trained(8192, true), 2);

    assertThat(averages(made)).contains("beyond trained 2.0").doesNotContain("beyond trained 1.0");
  }

  @Test
  void difficultyIsOfTheHeadline() {
    MadeUpResult made =
        MadeUpResult.of(new TaskId("longbench-v2", "longbench_v2", 1))
            .with("acc", 40)
            .with("acc", new Facet("difficulty", "hard"), 20)
            .with("acc_compensated", new Facet("difficulty", "hard"), 25);

    assertThat(averages(made)).containsExactly("Average 40.0", "hard 20.0");
  }

  @Test
  void incompleteSetsAreMarked() {
    assertThat(sections(made("qasper", 10).without(1)).get(0).rows().get(0).cells().get(3))
        .isEqualTo(new Cell.Whole(1, List.of(Mark.INCOMPLETE)));
  }

  @Test
  void whatWasCutIsFromWhereTheOrderSays() {
    Cell.Text original = (Cell.Text) last(sections(made("qasper", 10)).get(1));
    Cell.Text harness = (Cell.Text) last(sections(made("qasper@lmeval-0.4.9", 10)).get(1));

    assertThat(original.text()).isEqualTo("the middle, limit 3500");
    assertThat(original.parts()).containsEntry("limit_tokens", 3500L);
    assertThat(harness.text()).isEqualTo("the left, limit 3500");
  }

  @Test
  void limitThatNoOrderStatesIsAbsent() {
    MadeUpResult before = made("qasper", 10).from(TaskOrder.of("qasper"));

    assertThat(last(sections(before).get(1))).isEqualTo(Cell.absent());
  }

  @Test
  void cutsAreSumsOverTheSets() {
    List<Cell> cells = sections(made("qasper", 10), made("lcc", 30)).get(1).rows().get(0).cells();

    assertThat(cells.subList(3, 7))
        .containsExactly(Cell.of(40L), Cell.of(6L), Cell.of(1000L), Cell.of(80L));
  }

  @Test
  void pictureHasCategoriesByLength() {
    MadeUpResult qasper =
        made("qasper", 10)
            .with("f1", LongBenchTask.bucket(LengthBucket.SHORT), 12)
            .with("f1", LongBenchTask.bucket(LengthBucket.LONG), 4);
    MadeUpResult narrative =
        made("narrativeqa", 20).with("f1", LongBenchTask.bucket(LengthBucket.LONG), 8);

    Grid picture = sections(qasper, narrative, made("lcc", 30)).get(0).grids().get(0);

    assertThat(picture.down().steps()).containsExactly("single document qa", "code");
    assertThat(picture.across().steps()).containsExactly("0-4k", "8k+", "all");
    assertThat(picture.panels()).hasSize(1);
    assertThat(picture.panels().get(0).values())
        .containsExactly(
            List.of(OptionalDouble.of(12), OptionalDouble.of(6), OptionalDouble.of(15)),
            List.of(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.of(30)));
  }

  @Test
  void versionTwoIsALineOfItsOwn() {
    MadeUpResult second =
        MadeUpResult.of(new TaskId("longbench-v2", "longbench_v2", 1))
            .with("acc", 40)
            .with("acc", new Facet("length", "short"), 50);

    Grid picture = sections(second).get(0).grids().get(0);

    assertThat(picture.down().steps()).containsExactly("longbench_v2");
    assertThat(picture.panels().get(0).values())
        .containsExactly(List.of(OptionalDouble.of(50), OptionalDouble.of(40)));
  }

  @Test
  void withoutLengthsThereIsNoPicture() {
    assertThat(sections(made("qasper", 10)).get(0).grids()).isEmpty();
  }
}
