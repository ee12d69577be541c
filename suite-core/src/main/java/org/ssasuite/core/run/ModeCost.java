package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;

/**
 * What a model costs in one mode: the same prompt read, and continued, once in every mode, then all
 * over again. No part of any score.
 *
 * @param tokens of the prompt
 * @param attendedKeys mean over the prompt's queries of the keys that a head attends to
 * @param firstTokenSeconds of each round, from the call to the first new token
 * @param stepSeconds of each round, the median of its further tokens
 */
public record ModeCost(
    String model,
    String mode,
    int tokens,
    double attendedKeys,
    List<Double> firstTokenSeconds,
    List<Double> stepSeconds) {
  public ModeCost {
    Objects.requireNonNull(model);
    Objects.requireNonNull(mode);
    firstTokenSeconds = List.copyOf(firstTokenSeconds);
    stepSeconds = List.copyOf(stepSeconds);
    boolean measured =
        !firstTokenSeconds.isEmpty()
            && firstTokenSeconds.size() == stepSeconds.size()
            && firstTokenSeconds.stream().allMatch(s -> s > 0 && Double.isFinite(s))
            && stepSeconds.stream().allMatch(s -> s > 0 && Double.isFinite(s));
    if (tokens < 1 || !(attendedKeys >= 1) || !(attendedKeys <= tokens) || !measured) {
      throw new IllegalArgumentException(
          "%s %s: %s tokens, %s keys, first tokens %s, steps %s"
              .formatted(model, mode, tokens, attendedKeys, firstTokenSeconds, stepSeconds));
    }
  }
}
