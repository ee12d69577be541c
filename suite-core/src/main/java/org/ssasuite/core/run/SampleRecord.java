package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.task.Score;

/**
 * What a run keeps of one sample.
 *
 * @param requests SHA-256 of each request's canonical JSON, in hex, in order
 * @param tokens tokens that the model read, over all requests
 * @param cutTokens tokens that were cut, over all requests
 */
public record SampleRecord(
    String sample,
    String document,
    List<String> requests,
    Score score,
    long tokens,
    long cutTokens) {
  public SampleRecord {
    Objects.requireNonNull(sample);
    Objects.requireNonNull(document);
    requests = List.copyOf(requests);
    Objects.requireNonNull(score);
    if (tokens < 0 || cutTokens < 0) {
      throw new IllegalArgumentException(
          sample + ": " + tokens + " tokens read, " + cutTokens + " cut");
    }
  }
}
