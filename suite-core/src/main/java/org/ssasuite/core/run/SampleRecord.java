package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.run.items.SampleItems;
import org.ssasuite.core.task.Score;

/**
 * What a run keeps of one sample.
 *
 * @param requests SHA-256 of each request's canonical JSON, in hex, in order
 * @param chance what guessing is expected to get for it on the headline, before the metric's
 *     transform; absent where there is nothing to guess, or no score
 * @param tokens tokens that the model read, over all requests
 * @param cutTokens tokens that were cut, over all requests
 * @param items what is kept of single requests; absent where that was not asked for
 */
public record SampleRecord(
    String sample,
    String document,
    List<String> requests,
    Score score,
    OptionalDouble chance,
    long tokens,
    long cutTokens,
    Optional<SampleItems> items) {
  public SampleRecord {
    Objects.requireNonNull(sample);
    Objects.requireNonNull(document);
    requests = List.copyOf(requests);
    Objects.requireNonNull(score);
    Objects.requireNonNull(chance);
    Objects.requireNonNull(items);
    if (tokens < 0 || cutTokens < 0) {
      throw new IllegalArgumentException(
          sample + ": " + tokens + " tokens read, " + cutTokens + " cut");
    }
  }

  /** Without a word of its requests. */
  public SampleRecord(
      String sample,
      String document,
      List<String> requests,
      Score score,
      OptionalDouble chance,
      long tokens,
      long cutTokens) {
    this(sample, document, requests, score, chance, tokens, cutTokens, Optional.empty());
  }
}
