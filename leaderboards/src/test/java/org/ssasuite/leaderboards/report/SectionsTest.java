package org.ssasuite.leaderboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.report.Standing;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.leaderboards.report.average.SuiteAverages;

class SectionsTest {
  private static final Source SOURCE = new Source("runs/x", "m", "full", new TaskId("s", "t", 1));
  private static final Interval INTERVAL =
      new Interval(11, Double.POSITIVE_INFINITY, 0.95, Interval.Method.BOOTSTRAP);

  /** One row of all kinds of cells, ranked first. */
  private static final Section ALL =
      Section.table(
              "all",
              "All",
              "All there is:",
              List.of(
                  Column.words("model", "Model"),
                  Column.ranked("value", "Value", "95 % interval"),
                  Column.figure("chance", "Chance", Unit.NONE, Shown.LIKE_RANKED),
                  Column.figure("length", "Length", Unit.TOKENS, Shown.LARGE_COUNT),
                  Column.count("sets", "Sets", Unit.TASKS),
                  Column.figure("beyond", "Beyond", Unit.PERCENT, Shown.TENTHS)),
              List.of(
                  new Row(
                      List.of(
                          Cell.of("=a|b"),
                          new Cell.Real(
                              12.345678, Optional.of(INTERVAL), List.of(Mark.FEW_DOCUMENTS)),
                          Cell.of(1.0 / 3),
                          Cell.of(32_768L),
                          new Cell.Text("2 of 13", Map.of("own", 2L), List.of()),
                          Cell.absent()),
                      List.of(SOURCE),
                      Optional.of(new Standing(7, 1)))))
          .noting(List.of("A note."));

  private static JsonNode json(Section section) throws IOException {
    Leaderboard empty = Leaderboard.of(List.of());
    Report report = new Report(empty, SuiteAverages.none(empty), List.of(section));
    return new ObjectMapper().readTree(ReportJson.of(report)).at("/sections/0");
  }

  @Test
  void markdownRoundsAndAligns() {
    assertThat(SectionMarkdown.of(ALL))
        .isEqualTo(
            """

            All there is:

            | Model |     Value | 95 % interval | Chance | Length |    Sets | Beyond |
            | ----- | --------: | ------------: | -----: | -----: | ------: | -----: |
            | =a\\|b | **12.35** |   11.00 – ∞ † |   0.33 | 32,768 | 2 of 13 |      – |

            **Bold**: best value of the rows with the same task, protocol, data and samples. No \
            other rows are comparable; intervals say how sure it is.
            A note.
            """);
  }

  @Test
  void markdownLeavesPicturesOut() {
    assertThat(SectionMarkdown.of(Section.pictures("p", "Pictures", List.of()))).isEmpty();
  }

  @Test
  void csvHasAllDigitsAndNumbersOfTheirOwn() {
    assertThat(SectionCsv.of(ALL))
        .isEqualTo(
            "model,value,value_low,value_high,value_level,value_marks,chance,length,sets,sets_own,"
                + "beyond\n"
                + "'=a|b,12.345678,11.0,Infinity,0.95,few_documents,0.3333333333333333,32768,"
                + "2 of 13,2,\n");
  }

  @Test
  void jsonHasCellsByTheirColumns() throws IOException {
    JsonNode cells = json(ALL).at("/rows/0/cells");

    assertThat(cells.at("/model/text").textValue()).isEqualTo("=a|b");
    assertThat(cells.at("/value/value").doubleValue()).isEqualTo(12.345678);
    assertThat(cells.at("/value/low").doubleValue()).isEqualTo(11);
    assertThat(cells.at("/value").has("high")).isFalse();
    assertThat(cells.at("/value/marks/0").textValue()).isEqualTo("few_documents");
    assertThat(cells.at("/length/value").isIntegralNumber()).isTrue();
    assertThat(cells.at("/sets/own").intValue()).isEqualTo(2);
    assertThat(cells.has("beyond")).isFalse();
  }

  @Test
  void jsonSaysWhatARowIsMadeOfAndWhereItStands() throws IOException {
    JsonNode row = json(ALL).at("/rows/0");

    assertThat(row.at("/sources/0/run").textValue()).isEqualTo("runs/x");
    assertThat(row.at("/sources/0/task").textValue()).isEqualTo("t");
    assertThat(row.at("/contest").intValue()).isEqualTo(7);
    assertThat(row.at("/place").intValue()).isEqualTo(1);
  }

  @Test
  void jsonHasUnits() throws IOException {
    assertThat(json(ALL).at("/columns/3/unit").textValue()).isEqualTo("tokens");
  }

  @Test
  void jsonHasTheProtocolsAndRunsThatColumnsCount() throws IOException {
    Report report = Report.of(List.of(new Runs().add(Runs.Row.of("m", 3)).in("runs/x")));
    JsonNode json = new ObjectMapper().readTree(ReportJson.of(report));

    assertThat(json.path("schema").textValue()).isEqualTo("ssasuite/report/1");
    assertThat(json.at("/protocols/0/protocol").textValue()).isEqualTo("book/first-8");
    assertThat(json.at("/runs/0/run").textValue()).isEqualTo("runs/x");
    assertThat(json.at("/sections/0/rows/0/cells/protocol/value").intValue()).isEqualTo(1);
  }

  @Test
  void jsonHasPicturesAsNumbers() throws IOException {
    Curves curves =
        new Curves(
            "c",
            "Curves",
            Axis.doubling("Length", Unit.TOKENS),
            Axis.percent("Score"),
            List.of(
                new Curves.Curve(
                    "m full",
                    List.of(new Curves.Point(1024, 50, Optional.of(INTERVAL))),
                    List.of(SOURCE))));
    Grid grid =
        new Grid(
            "g",
            "Grid",
            new Grid.Scale(Axis.of("Layer", Unit.NONE), List.of("0")),
            new Grid.Scale(Axis.of("Head", Unit.NONE), List.of("0", "1")),
            Axis.percent("Mass"),
            List.of(
                new Grid.Panel(
                    "full",
                    List.of(List.of(OptionalDouble.of(5), OptionalDouble.empty())),
                    List.of(SOURCE))));

    JsonNode json = json(ALL.drawn(List.of(curves), List.of(grid)));

    assertThat(json.at("/curves/0/curves/0/points/0/y").doubleValue()).isEqualTo(50);
    assertThat(json.at("/curves/0/curves/0/points/0/low").doubleValue()).isEqualTo(11);
    assertThat(json.at("/curves/0/x/logarithmic").booleanValue()).isTrue();
    assertThat(json.at("/grids/0/panels/0/values/0/0").doubleValue()).isEqualTo(5);
    assertThat(json.at("/grids/0/panels/0/values/0/1").isNull()).isTrue();
    assertThat(json.at("/grids/0/value/high").doubleValue()).isEqualTo(100);
  }

  @Test
  void standingsOfEqualValuesAreTied() {
    FinishedRun run =
        new Runs()
            .add(Runs.Row.of("a", 19))
            .add(Runs.Row.of("b", 19))
            .add(Runs.Row.of("c", 20))
            .in("r");

    assertThat(LeaderboardSection.of(Leaderboard.of(List.of(run))).rows())
        .extracting(row -> row.standing().orElseThrow())
        .containsExactly(new Standing(1, 1), new Standing(1, 1), new Standing(1, 3));
  }
}
