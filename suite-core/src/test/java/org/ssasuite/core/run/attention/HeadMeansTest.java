package org.ssasuite.core.run.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.core.run.attention.HeadMeans.Head;

/** Two layers of two heads, worked out by hand. */
class HeadMeansTest {
  private static final Positions FIRST = new Positions(0, 1024);
  private static final Positions SECOND = new Positions(1024, 2048);

  private static Statistic entropy(Positions bucket, int queries, double... heads) {
    return new Statistic(
        "entropy_bits",
        Optional.of(bucket),
        queries,
        List.of(List.of(heads[0], heads[1]), List.of(heads[2], heads[3])));
  }

  private static HeadMeans means(StatisticsRecord... records) {
    HeadMeans.Tally tally = new HeadMeans.Tally();
    for (StatisticsRecord record : records) {
      tally.add(record);
    }
    return tally.means().get(0);
  }

  private static StatisticsRecord sample(String id, String document, Statistic... statistics) {
    return new StatisticsRecord(id, document, new AttentionStatistics(List.of(statistics)));
  }

  private static final HeadMeans MEANS =
      means(
          sample("1", "a", entropy(FIRST, 100, 1, 2, 3, 4), entropy(SECOND, 300, 5, 2, 3, 8)),
          sample("2", "b", entropy(FIRST, 10, 10, 2, 1, 1)));

  @Test
  void aHeadsFigureIsTheMeanOverDocumentsOfItsQueries() {
    assertThat(MEANS.grid().get(0))
        .containsExactly(OptionalDouble.of((4.0 + 10) / 2), OptionalDouble.of(2));
    assertThat(MEANS.grid().get(1))
        .containsExactly(OptionalDouble.of(2), OptionalDouble.of((7.0 + 1) / 2));
  }

  @Test
  void headsAreRankedFromEitherEndAndOfEqualOnesTheFirstComesFirst() {
    assertThat(MEANS.ranked(true, 2)).containsExactly(new Head(0, 0), new Head(1, 1));
    assertThat(MEANS.ranked(false, 2)).containsExactly(new Head(0, 1), new Head(1, 0));
  }

  @Test
  void aHeadHasAnIntervalOverDocuments() {
    // Student's t of 4 and 10, one degree of freedom: 7 ± 12.7062 · 3.
    assertThat(MEANS.estimate(new Head(0, 0)).interval().high())
        .isCloseTo(7 + 12.706204736 * 3, within(1e-6));
  }

  @Test
  void statisticsThatNobodyDrawsAreNotKept() {
    HeadMeans.Tally tally = new HeadMeans.Tally();
    tally.add(
        sample(
            "1",
            "a",
            new Statistic("key_mass_7", Optional.empty(), 5, List.of(List.of(1.0))),
            new Statistic("selected_key_mass_0", Optional.empty(), 5, List.of(List.of(1.0)))));

    assertThat(tally.means())
        .extracting(HeadMeans::statistic)
        .containsExactly("selected_key_mass_0");
  }
}
