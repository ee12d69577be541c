package org.ssasuite.core.request;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What identifies a model in results.
 *
 * @param name short, as in tables
 * @param mode text form of its attention mode
 * @param trainedTokens length that it was trained on, if its folder says so
 * @param facts further facts that can change a result: digests, precision, rope scaling, …
 */
public record ModelCard(
    String name, String mode, OptionalInt trainedTokens, Map<String, String> facts) {
  public ModelCard {
    Objects.requireNonNull(name);
    Objects.requireNonNull(mode);
    Objects.requireNonNull(trainedTokens);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }
}
