package org.ssasuite.core.report;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SectionTest {
  private static final List<Column> COLUMNS =
      List.of(Column.words("model", "Model"), Column.count("samples", "Samples", Unit.SAMPLES));

  private static Section section(List<Column> columns, Cell... cells) {
    return Section.table(
        "s", "Title", "Lead:", columns, List.of(new Row(List.of(cells), List.of())));
  }

  @Test
  void rowHasACellForEachColumn() {
    assertThatThrownBy(() -> section(COLUMNS, Cell.of("m")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("s: 1 cells for 2 columns");
  }

  @Test
  void columnsHaveKeysOfTheirOwn() {
    assertThatThrownBy(
            () -> section(List.of(COLUMNS.get(0), COLUMNS.get(0)), Cell.of("m"), Cell.of("n")))
        .hasMessage("s has two columns model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ruler", "a b", "../a", "a-", "a_b"})
  void keyIsOneForFilesAndLinks(String key) {
    assertThatThrownBy(() -> Section.words(key, "Title", "note"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + key + "'");
  }

  @Test
  void curveGoesFromLeftToRight() {
    List<Curves.Point> points =
        List.of(new Curves.Point(2, 1, Optional.empty()), new Curves.Point(2, 3, Optional.empty()));

    assertThatThrownBy(() -> new Curves.Curve("m", points, List.of()))
        .hasMessage("m goes back at 2.0");
  }

  @Test
  void gridHasAValueForEachPairOfSteps() {
    Grid.Scale layers = new Grid.Scale(Axis.of("Layer", Unit.NONE), List.of("0", "1"));
    Grid.Scale heads = new Grid.Scale(Axis.of("Head", Unit.NONE), List.of("0"));
    Grid.Panel panel = new Grid.Panel("full", List.of(List.of(OptionalDouble.empty())), List.of());

    assertThatThrownBy(
            () -> new Grid("g", "Sinks", layers, heads, Axis.percent("Mass"), List.of(panel)))
        .hasMessage("full is not 2 lines of 1");
  }

  @Test
  void placesCountFromOne() {
    assertThatThrownBy(() -> new Standing(1, 0)).hasMessage("place 0 of contest 1");
  }
}
