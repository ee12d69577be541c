package org.ssasuite.core.request;

import java.util.Set;

/** The attention statistics that a request asks for. */
public record Observe(Set<AttentionStatistic> statistics) {
  private static final Observe NOTHING = new Observe(Set.of());

  public Observe {
    statistics = Set.copyOf(statistics);
  }

  public static Observe nothing() {
    return NOTHING;
  }

  public boolean isEmpty() {
    return statistics.isEmpty();
  }
}
