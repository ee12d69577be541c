package org.ssasuite.core.request;

import java.util.List;
import java.util.Optional;

/**
 * What came back of a request's observations.
 *
 * @param values in the order asked for, without those that the mode or the model cannot tell
 */
public record Observations(List<Observed> values) {
  public Observations {
    values = List.copyOf(values);
  }

  /** What came back of one kind. */
  public <V extends Observed> Optional<V> of(Class<V> kind) {
    return values.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
