package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Statistic;

/**
 * What a run keeps of where a sample's attention went. Values have the digits of an fp32 number:
 * what is counted is what is written.
 *
 * @param statistics of all its requests together; none where there was nothing to see
 */
public record StatisticsRecord(String sample, String document, AttentionStatistics statistics) {
  public StatisticsRecord {
    Objects.requireNonNull(sample);
    Objects.requireNonNull(document);
    statistics =
        new AttentionStatistics(
            statistics.statistics().stream().map(StatisticsRecord::rounded).toList());
  }

  private static Statistic rounded(Statistic exact) {
    List<List<Double>> layers =
        exact.layers().stream()
            .map(heads -> heads.stream().map(value -> (double) value.floatValue()).toList())
            .toList();
    return new Statistic(exact.name(), exact.positions(), exact.queries(), layers);
  }
}
