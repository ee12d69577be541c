package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;

/** Sample, document, row: worked out by hand. */
class AttentionTallyTest {
  private static final Positions FIRST = new Positions(0, 1024);
  private static final Positions SECOND = new Positions(1024, 2048);

  private static Statistic bucket(Positions positions, int queries, double... ofLayers) {
    return new Statistic("entropy_bits", Optional.of(positions), queries, layers(ofLayers));
  }

  private static Statistic mass(int key, double... ofLayers) {
    return new Statistic("key_mass_" + key, Optional.empty(), 100, layers(ofLayers));
  }

  /** One head in each layer. */
  private static List<List<Double>> layers(double... ofLayers) {
    return Arrays.stream(ofLayers).mapToObj(List::of).toList();
  }

  private static StatisticsRecord sample(String id, String document, Statistic... statistics) {
    return new StatisticsRecord(id, document, new AttentionStatistics(List.of(statistics)));
  }

  private static AttentionResult.Row row(List<StatisticsRecord> samples, String name) {
    AttentionTally tally = new AttentionTally();
    samples.forEach(tally::add);
    return tally.rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aSamplesFigureIsTheMeanOverLayersAndHeadsAndBucketsByTheirQueries() {
    StatisticsRecord one = sample("1", "a", bucket(FIRST, 100, 2, 4), bucket(SECOND, 300, 7, 7));

    assertThat(row(List.of(one), "entropy_bits").value()).isEqualTo(6);
    assertThat(row(List.of(one), "entropy_bits of queries 1024:2048").value()).isEqualTo(7);
  }

  @Test
  void aDocumentsFigureWeighsItsSamplesAndARowItsDocumentsAlike() {
    List<StatisticsRecord> samples =
        List.of(
            sample("1", "a", bucket(FIRST, 100, 1)),
            sample("2", "b", bucket(FIRST, 10, 10)),
            sample("3", "a", bucket(FIRST, 300, 5)));

    AttentionResult.Row row = row(samples, "entropy_bits");

    assertThat(row.value()).isEqualTo((4.0 + 10) / 2);
    assertThat(row.documents()).isEqualTo(2);
    assertThat(row.samples()).isEqualTo(3);
    assertThat(row.interval().low()).isLessThan(7);
  }

  @Test
  void aSinkRateIsTheShareOfHeadsWhoseMassOnAKeyIsAboveEpsilon() {
    List<StatisticsRecord> samples =
        List.of(
            sample("1", "a", mass(0, 0.2, 0.05, 0.31, 0.1), mass(5, 0.4, 0.5, 0, 0)),
            sample("2", "b", mass(0, 0, 0, 0, 0), mass(5, 0, 0, 0, 0.11)));

    assertThat(row(samples, "sink_rate_0.3").value()).isCloseTo(0.25 / 2, within(1e-12));
    assertThat(row(samples, "sink_rate_0.3_worst").value()).isCloseTo(0.5 / 2, within(1e-12));
    assertThat(row(samples, "sink_rate_0.1_worst").value())
        .isCloseTo((0.75 + 0.25) / 2, within(1e-12));
  }

  @Test
  void figuresAreRowsWithoutIntervals() {
    AttentionTally tally = new AttentionTally();
    tally.add(sample("1", "a", bucket(FIRST, 100, 1)));
    tally.add(sample("2", "b", bucket(FIRST, 100, 2)));

    assertThat(tally.figures())
        .usingRecursiveComparison()
        .ignoringFields("interval")
        .isEqualTo(tally.rows());
  }

  @Test
  void severalSequencesOfAnAnswerAreOneMeanOverAllTheirQueries() {
    AttentionStatistics together =
        AttentionStatistics.together(
            List.of(
                new AttentionStatistics(List.of(bucket(FIRST, 100, 1, 2), mass(0, 0.5, 0.5))),
                new AttentionStatistics(List.of(bucket(FIRST, 300, 5, 2)))));

    assertThat(together.statistics()).containsExactly(bucket(FIRST, 400, 4, 2), mass(0, 0.5, 0.5));
  }
}
