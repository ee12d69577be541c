package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpResult;

class RulerSectionsTest {
  private static final String MATCH = "string_match_all";

  /** By the newest generators. */
  private static MadeUpResult made(String task, int length, double score) {
    return MadeUpResult.of(new TaskId("ruler", task, 1))
        .from(TaskOrder.of(task).withOwn(Map.of(RulerTasks.GENERATORS, List.of("nvidia-2025"))))
        .with(MATCH, score)
        .with(MATCH, LengthFacet.of(length), score);
  }

  static RulerRow row(String task, int length, double score) {
    return RulerRow.of(List.of(made(task, length, score).reported())).get(0);
  }

  private static List<Section> sections(ReportedResult... results) {
    return new RulerTasks().sections(List.of(results));
  }

  private static Section section(String key, ReportedResult... results) {
    return sections(results).stream()
        .filter(section -> section.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static Cell cell(Section section, String column) {
    Row row = section.rows().get(0);
    for (int i = 0; i < row.cells().size(); i++) {
      if (section.columns().get(i).key().equals(column)) {
        return row.cells().get(i);
      }
    }
    throw new AssertionError(section.columns() + " have no " + column);
  }

  @Test
  void generatorsAreThoseOfTheOrder() {
    assertThat(cell(section("ruler", made("vt", 4096, 50).reported()), "version"))
        .isEqualTo(Cell.of("RULER nvidia-2025"));
  }

  @Test
  void generatorsThatNoOrderStatesAreAbsent() {
    ReportedResult before = made("vt", 4096, 50).from(TaskOrder.of("vt")).reported();

    assertThat(cell(section("ruler", before), "version")).isEqualTo(Cell.absent());
  }

  @Test
  void tasksAreCountedInNumbers() {
    Cell.Text tasks =
        (Cell.Text)
            cell(
                section(
                    "ruler",
                    made("vt", 4096, 50).reported(),
                    made("niah_single_2_pd", 4096, 50).reported()),
                "tasks");

    assertThat(tasks.text()).isEqualTo("1 of 13 + 1 pd");
    assertThat(tasks.parts()).containsEntry("own", 1L).containsEntry("public_domain", 1L);
  }

  @Test
  void rowNamesTheResultsThatItIsMadeOf() {
    ReportedResult vt = made("vt", 4096, 50).reported();

    assertThat(section("ruler", vt).rows().get(0).sources()).containsExactly(vt.source());
  }

  @Test
  void scoresByLengthAreACurve() {
    Curves curves =
        section("ruler", made("vt", 8192, 20).reported(), made("vt", 4096, 50).reported())
            .curves()
            .get(0);

    assertThat(curves.curves().get(0).name()).isEqualTo("m full");
    assertThat(curves.curves().get(0).points())
        .extracting(point -> List.of(point.x(), point.y()))
        .containsExactly(List.of(4096.0, 50.0), List.of(8192.0, 20.0));
  }

  @Test
  void needlesByDepthAreAGridOverLengths() {
    Section section =
        section(
            "ruler-depth",
            made("niah_single_1", 4096, 50).with(MATCH, Depths.facet(3), 75).reported(),
            made("niah_single_1", 8192, 50).with(MATCH, Depths.facet(0), 25).reported());
    Grid grid = section.grids().get(0);

    assertThat(section.grids()).hasSize(1);
    assertThat(grid.across().steps()).containsExactly("4096", "8192");
    assertThat(grid.down().steps()).startsWith("0-10%").hasSize(10);
    assertThat(grid.panels().get(0).values().get(3))
        .containsExactly(OptionalDouble.of(75), OptionalDouble.empty());
    assertThat(grid.panels().get(0).values().get(0))
        .containsExactly(OptionalDouble.empty(), OptionalDouble.of(25));
  }

  @Test
  void whatTheSelectionTookIsAGridOfItsOwn() {
    Section section =
        section(
            "ruler-depth",
            made("niah_single_1", 4096, 50)
                .with(MATCH, Depths.facet(3), 75)
                .with(NeedleTrace.SELECTED, Depths.facet(3), 10)
                .reported());

    assertThat(section.grids()).extracting(Grid::key).contains("ruler-depth-taken");
  }

  @Test
  void depthsOfOtherTasksThanNeedlesDoNotCount() {
    assertThat(sections(made("vt", 4096, 50).with(MATCH, Depths.facet(3), 75).reported()))
        .extracting(Section::key)
        .containsExactly("ruler", "ruler-proven");
  }

  @Test
  void provenLengthSaysWhereItStopsAndWhatWouldSettleIt() {
    Section proven = section("ruler-proven", made("vt", 4096, 90).reported());

    assertThat(cell(proven, "proven_tokens")).isEqualTo(Cell.absent());
    assertThat(((Cell.Text) cell(proven, "stops_at")).text()).isEqualTo("4,096: cannot tell");
    assertThat(cell(proven, "samples")).isEqualTo(Cell.of(20.0));
    assertThat(cell(proven, "samples_needed")).isEqualTo(Cell.of(251));
  }

  @Test
  void traceSaysWhereAnswersWereMissed() {
    Section trace =
        section(
            "ruler-needle-trace",
            made("niah_single_1", 4096, 50)
                .with(NeedleTrace.SELECTED, 40)
                .with(NeedleTrace.SELECTED, NeedleTrace.answer(false), 30)
                .reported());

    assertThat(cell(trace, "selected")).isEqualTo(Cell.of(40.0));
    assertThat(cell(trace, "selected_where_missed")).isEqualTo(Cell.of(30.0));
    assertThat(cell(trace, "selected_where_found")).isEqualTo(Cell.absent());
  }

  @Test
  void modelsOfTheSuiteHaveReadRecallDocuments() {
    ReportedResult own = made("vt", 4096, 50).reported();
    ReportedResult embedded = new ReportedResult("run", own.result(), own.order(), true);

    assertThat(sections(embedded)).extracting(Section::key).endsWith("ruler-recall");
  }

  @Test
  void resultWhoseLengthIsNoNumberIsLeftOut() {
    MadeUpResult made =
        MadeUpResult.of(new TaskId("ruler", "vt", 1))
            .with(MATCH, 50)
            .with(MATCH, new Facet("length", "4k"), 50);

    assertThat(sections(made.reported())).isEmpty();
  }

  @Test
  void withoutAScoreThereIsNoSection() {
    assertThat(sections(MadeUpResult.of(new TaskId("ruler", "vt", 1)).reported())).isEmpty();
  }
}
