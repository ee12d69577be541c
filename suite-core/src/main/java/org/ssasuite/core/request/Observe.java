package org.ssasuite.core.request;

import java.util.List;
import java.util.Set;

/**
 * What about attention a request asks for.
 *
 * @param statistics that the answer must carry
 * @param spans stretches of a generation's prompt: of each the answer says whether attention took
 *     it, if the mode selects blocks and the model can tell
 */
public record Observe(Set<AttentionStatistic> statistics, List<TextSpan> spans) {
  private static final Observe NOTHING = new Observe(Set.of());

  public Observe {
    statistics = Set.copyOf(statistics);
    spans = List.copyOf(spans);
  }

  /** Statistics alone. */
  public Observe(Set<AttentionStatistic> statistics) {
    this(statistics, List.of());
  }

  /** Stretches of a prompt alone. */
  public static Observe of(List<TextSpan> spans) {
    return new Observe(Set.of(), spans);
  }

  public static Observe nothing() {
    return NOTHING;
  }

  public boolean isEmpty() {
    return statistics.isEmpty() && spans.isEmpty();
  }
}
