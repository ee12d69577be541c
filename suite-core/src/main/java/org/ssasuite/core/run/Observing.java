package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.task.Sample;

/**
 * What a run notes of attention beside a task's answers. The task's own requests stay what they
 * are: what is observed is no part of what a sample asks.
 */
public record Observing(StatisticsObservation asked, StatisticsLog log) {
  public Observing {
    Objects.requireNonNull(asked);
    Objects.requireNonNull(log);
  }

  Request<?> observed(Request<?> request) {
    return request.observing(asked);
  }

  /** Notes where a sample's answers looked; nothing of an answer that failed. */
  void note(Sample sample, List<Response> responses) {
    boolean failed = responses.stream().anyMatch(response -> response.failure().isPresent());
    List<AttentionStatistics> seen =
        responses.stream()
            .flatMap(response -> response.observations().stream())
            .flatMap(all -> all.of(AttentionStatistics.class).stream())
            .toList();
    AttentionStatistics statistics =
        seen.isEmpty() ? new AttentionStatistics(List.of()) : AttentionStatistics.together(seen);
    if (failed || !isFinite(statistics)) {
      statistics = new AttentionStatistics(List.of());
    }
    log.append(new StatisticsRecord(sample.id(), sample.document(), statistics));
  }

  /** A model whose numbers are none has no score either. */
  private static boolean isFinite(AttentionStatistics statistics) {
    return statistics.statistics().stream()
        .flatMap(each -> each.layers().stream())
        .flatMap(List::stream)
        .allMatch(value -> Math.abs(value) <= StatisticsJson.LARGEST);
  }
}
