package org.ssasuite.leaderboards.report.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.extrapolation.LengthCurve;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.run.SampleFigures;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.attention.WatchedRow;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpResult;

/** Trained on 8k, tested at 256, 1k, 8k and 16k on five books. */
class ExtrapolationSectionsTest {
  private static final LengthScale SCALE = new LengthScale(List.of(256, 1024, 8192, 16384), 8192);
  private static final int BOOKS = 5;

  private static MadeUpResult made() {
    MadeUpResult result =
        MadeUpResult.of(new TaskId("extrapolation", "extrapolation", 1))
            .with(LengthMeasures.SCORE, 0.5);
    for (int length : SCALE.lengths()) {
      Facet at = LengthMeasures.at(length);
      result = result.with("token_nats", at, 3);
      result = length == 8192 ? result : result.with("delta_nats", at, length == 16384 ? 0.5 : 2);
      result = length > 1024 ? result.with("context_gain", at, 3) : result;
    }
    return result;
  }

  /**
   * The loss of book i at 16k is i·step nats a token above that at 8k.
   *
   * @param requests what stretches asked
   */
  private static List<SampleRecord> samples(double step, String requests) {
    List<SampleRecord> samples = new ArrayList<>();
    for (int book = 0; book < BOOKS; book++) {
      double[] nats = {2048, 1536, 1024, 1024 + 512 * step * book};
      samples.add(
          new SampleRecord(
              "b" + book + ".0",
              "b" + book,
              List.of(requests),
              LengthMeasures.of(SCALE, nats, 512, 2000),
              OptionalDouble.empty(),
              1,
              0));
    }
    return samples;
  }

  /** Half of the mass is captured at 8k, and a tenth less for each book at 16k. */
  private static WatchedRow watched() {
    List<WatchedRow.WatchedSample> samples = new ArrayList<>();
    for (int book = 0; book < BOOKS; book++) {
      samples.add(
          new WatchedRow.WatchedSample(
              "asked",
              "b" + book,
              new SampleFigures(
                  List.of(
                      captured(0, 1024, 0.9),
                      captured(4096, 8192, 0.5),
                      captured(8192, 16384, 0.5 - 0.1 * book)))));
    }
    return new WatchedRow(samples, List.of());
  }

  private static SampleFigures.Figure captured(int from, int to, double value) {
    return new SampleFigures.Figure(
        new SampleFigures.Key("captured_16x16", Optional.of(new Positions(from, to))), value, 512);
  }

  private static LengthResult result(List<SampleRecord> samples, Optional<WatchedRow> watched) {
    ReportedResult reported = made().reported();
    return new LengthResult(
        reported, 1, LengthCurve.of(reported.result()).orElseThrow(), samples, watched);
  }

  private static Section section(String key, LengthResult... results) {
    return ExtrapolationSections.of(List.of(results), List.of()).stream()
        .filter(section -> section.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static Cell cell(Section section, Row row, String column) {
    for (int i = 0; i < row.cells().size(); i++) {
      if (section.columns().get(i).key().equals(column)) {
        return row.cells().get(i);
      }
    }
    throw new AssertionError(section.columns() + " have no " + column);
  }

  private static double value(Section section, Row row, String column) {
    return ((Cell.Real) cell(section, row, column)).value();
  }

  @Test
  void intervalThatHoldsTheMarginLeavesTheTrainedLength() {
    Section section = section("extrapolation", result(samples(0, "a"), Optional.empty()));
    Row row = section.rows().get(0);

    assertThat(cell(section, row, "within_tokens")).isEqualTo(Cell.of(8192));
    assertThat(((Cell.Text) cell(section, row, "stops_at")).text())
        .isEqualTo("16,384: cannot tell");
    assertThat(cell(section, row, "safe_tokens")).isEqualTo(Cell.of(8192));
    assertThat(cell(section, row, "credit")).isEqualTo(Cell.of("yes"));
  }

  @Test
  void marginOfTheOrderDecides() {
    TaskOrder wide = TaskOrder.of("extrapolation").withOwn(Map.of("safe_margin", List.of("1.5")));
    ReportedResult reported = made().from(wide).reported();
    LengthResult result =
        new LengthResult(
            reported,
            1,
            LengthCurve.of(reported.result()).orElseThrow(),
            samples(0, "a"),
            Optional.empty());
    Section section = section("extrapolation", result);

    assertThat(cell(section, section.rows().get(0), "within_tokens")).isEqualTo(Cell.of(16384));
    assertThat(cell(section, section.rows().get(0), "stops_at")).isEqualTo(Cell.absent());
  }

  @Test
  void aRowALengthAndTheTrainedOneWithoutAChange() {
    Section section = section("extrapolation-lengths", result(samples(0, "a"), Optional.empty()));

    assertThat(section.rows()).hasSize(4);
    assertThat(cell(section, section.rows().get(2), "delta_nats")).isEqualTo(Cell.absent());
    assertThat(section.curves().get(0).curves().get(0).points().get(2).y()).isZero();
  }

  @Test
  void lossOfCapturedMassThatGoesWithLossOfNatsHasAPerfectRankCorrelation() {
    Section section =
        section("extrapolation-attention", result(samples(0.1, "a"), Optional.of(watched())));
    Row at16k = section.rows().get(1);

    assertThat(section.rows()).hasSize(2);
    assertThat(value(section, at16k, "value")).isCloseTo(0.3, within(1e-12));
    assertThat(value(section, at16k, "change")).isCloseTo(-0.2, within(1e-12));
    assertThat(value(section, at16k, "rank_correlation")).isEqualTo(-1);
    assertThat(cell(section, section.rows().get(0), "change")).isEqualTo(Cell.absent());
  }

  @Test
  void lengthsThatShareABucketHaveNoRow() {
    Section section =
        section("extrapolation-attention", result(samples(0.1, "a"), Optional.of(watched())));

    assertThat(section.rows().stream().map(row -> cell(section, row, "length")))
        .containsExactly(Cell.of(8192), Cell.of(16384));
  }

  @Test
  void withoutALookThereIsNoAttention() {
    assertThat(
            ExtrapolationSections.of(List.of(result(samples(0, "a"), Optional.empty())), List.of()))
        .extracting(Section::key)
        .containsExactly("extrapolation", "extrapolation-lengths");
  }

  @Test
  void sameTokensArePairedByTokenAndOthersByByte() {
    StretchFigures a = StretchFigures.of(samples(0.1, "a"));
    StretchFigures same = StretchFigures.of(samples(0.3, "a"));
    StretchFigures other = StretchFigures.of(samples(0.3, "other"));

    assertThat(a.sameTokens(same)).isTrue();
    assertThat(a.sameTokens(other)).isFalse();
    assertThat(
            a.paired(same, LengthMeasures.DELTA_NATS, OptionalInt.of(16384))
                .orElseThrow()
                .difference())
        .isCloseTo(0.4, within(1e-12));
  }
}
