package org.ssasuite.core.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What about attention a request asks for.
 *
 * @param observations at most one of a kind
 */
public record Observe(List<Observation<?>> observations) {
  private static final Observe NOTHING = new Observe(List.of());

  public Observe {
    observations = List.copyOf(observations);
    Set<Class<?>> kinds = new HashSet<>();
    for (Observation<?> each : observations) {
      if (!kinds.add(each.observed())) {
        throw new IllegalArgumentException(each.name() + " is asked for twice");
      }
    }
  }

  /** One observation alone. */
  public static Observe of(Observation<?> observation) {
    return new Observe(List.of(observation));
  }

  /** Stretches of a prompt alone; nothing if there are none. */
  public static Observe of(List<TextSpan> spans) {
    return spans.isEmpty() ? NOTHING : of(new SpanObservation(spans));
  }

  public static Observe nothing() {
    return NOTHING;
  }

  /** The same and one more. */
  public Observe and(Observation<?> more) {
    List<Observation<?>> all = new ArrayList<>(observations);
    all.add(more);
    return new Observe(all);
  }

  public boolean isEmpty() {
    return observations.isEmpty();
  }
}
