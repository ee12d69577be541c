package org.ssasuite.core.request;

import java.util.List;

/**
 * Whether attention took stretches of a generation's prompt while the answer was written, in a mode
 * that selects blocks.
 *
 * @param spans at least one
 */
public record SpanObservation(List<TextSpan> spans) implements Observation<SpanObservation.Taken> {
  public SpanObservation {
    spans = List.copyOf(spans);
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("no stretch is asked for");
    }
  }

  /**
   * What comes back.
   *
   * @param spans one entry per stretch that was asked for, in that order
   */
  public record Taken(List<SpanSelection> spans) implements Observed {
    public Taken {
      spans = List.copyOf(spans);
    }
  }

  @Override
  public String name() {
    return "spans";
  }

  @Override
  public List<List<Integer>> arguments() {
    return spans.stream().map(span -> List.of(span.from(), span.to())).toList();
  }

  @Override
  public Class<Taken> observed() {
    return Taken.class;
  }

  @Override
  public boolean optional() {
    return true;
  }
}
