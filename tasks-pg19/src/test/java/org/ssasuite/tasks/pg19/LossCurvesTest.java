package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpResult;

class LossCurvesTest {
  private static final MadeUpResult BOOKS =
      MadeUpResult.of(new TaskId("pg19", "pg19", 1)).with("token_nats", 3.5);

  private static List<Section> sections(MadeUpResult result) {
    return new Pg19Tasks().sections(List.of(result.reported()));
  }

  @Test
  void lossByPositionHasItsIntervalAsABand() {
    Curves curves =
        sections(
                BOOKS
                    .with("token_nats", new Facet("position", "(0, 1024]"), 4)
                    .with("token_nats", new Facet("position", "(1024, 2048]"), 3))
            .get(0)
            .curves()
            .get(0);
    List<Curves.Point> points = curves.curves().get(0).points();

    assertThat(points).extracting(Curves.Point::x).containsExactly(1024.0, 2048.0);
    assertThat(points).extracting(Curves.Point::y).containsExactly(4.0, 3.0);
    assertThat(points.get(0).band().orElseThrow().high()).isEqualTo(5);
  }

  @Test
  void lossOnTheFirstTokensIsACurveOfItsOwn() {
    List<Curves> curves =
        sections(BOOKS.with("token_nats", new Facet("prefix", "1024"), 4)).get(0).curves();

    assertThat(curves).extracting(Curves::key).containsExactly("loss-by-prefix");
  }

  @Test
  void withoutPositionsThereIsNoSection() {
    assertThat(sections(BOOKS)).isEmpty();
  }
}
