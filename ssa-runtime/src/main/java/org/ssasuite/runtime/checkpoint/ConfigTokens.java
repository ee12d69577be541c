package org.ssasuite.runtime.checkpoint;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What {@code config.json} says of special tokens.
 *
 * @param begin what begins a text
 * @param ends ids that end a generation; may be none
 */
public record ConfigTokens(OptionalInt begin, List<Integer> ends) {
  /** Of a folder without a config. */
  static final ConfigTokens NONE = new ConfigTokens(OptionalInt.empty(), List.of());

  public ConfigTokens {
    Objects.requireNonNull(begin);
    ends = List.copyOf(ends);
  }
}
