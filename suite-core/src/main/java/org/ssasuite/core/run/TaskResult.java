package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.task.TaskId;

/**
 * What one task found about one model in one mode.
 *
 * @param metrics the headline over all samples first
 * @param samples samples that were scored
 * @param unscored samples that were not; more than 0 marks the result as incomplete
 * @param truncated samples of which something was cut
 * @param cutTokens tokens that were cut, over all samples
 * @param tokens tokens that the model read
 * @param seconds from the first request to the last answer
 */
public record TaskResult(
    ModelCard model,
    TaskId task,
    String protocol,
    String dataDigest,
    List<MetricResult> metrics,
    int samples,
    int unscored,
    int truncated,
    long cutTokens,
    long tokens,
    double seconds) {
  public TaskResult {
    Objects.requireNonNull(model);
    Objects.requireNonNull(task);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(dataDigest);
    metrics = List.copyOf(metrics);
  }

  /** Tokens read per second; 0 if nothing was read. */
  public double tokensPerSecond() {
    return seconds > 0 ? tokens / seconds : 0;
  }

  public boolean complete() {
    return unscored == 0;
  }
}
