package org.ssasuite.core.request;

import java.util.List;

/**
 * How much of full attention's mass lies on stretches of a generation's prompt while the answer is
 * written, and how much of that where the mode attends.
 *
 * @param spans at least one
 */
public record SpanMassObservation(List<TextSpan> spans)
    implements Observation<SpanMassObservation.Masses> {
  public SpanMassObservation {
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
  public record Masses(List<SpanMass> spans) implements Observed {
    public Masses {
      spans = List.copyOf(spans);
    }
  }

  @Override
  public String name() {
    return "span_mass";
  }

  @Override
  public List<List<Integer>> arguments() {
    return spans.stream().map(span -> List.of(span.from(), span.to())).toList();
  }

  @Override
  public Class<Masses> observed() {
    return Masses.class;
  }

  @Override
  public boolean optional() {
    return false;
  }
}
