package org.ssasuite.core.run;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.task.TaskId;

/**
 * What one task found about one model in one mode.
 *
 * @param metrics the headline over all samples first
 * @param chance what guessing is expected to get on the headline for the samples that were scored,
 *     in the headline's unit; absent where there is nothing to guess
 * @param samples samples that were scored
 * @param unscored samples that were not; more than 0 marks the result as incomplete
 * @param truncated samples of which something was cut
 * @param cutTokens tokens that were cut, over all samples
 * @param tokens tokens that the model read
 * @param work what the model computed for its answers; absent in files that do not state it
 * @param log what the samples' log was at the end; absent in files of before
 * @param seconds that the model took for its answers; scoring does not count
 * @param attention where the attention of its answers went; absent if nobody looked
 * @param attribution why samples failed, by where attention looked; absent if nobody asked
 * @param elsewhere how many samples another device answered than the one that {@code model} states,
 *     by its name
 */
public record TaskResult(
    ModelCard model,
    TaskId task,
    String protocol,
    String dataDigest,
    List<MetricResult> metrics,
    OptionalDouble chance,
    int samples,
    int unscored,
    int truncated,
    long cutTokens,
    long tokens,
    Optional<Work> work,
    Optional<LogSeal> log,
    double seconds,
    Optional<AttentionResult> attention,
    Optional<AttributionResult> attribution,
    Map<String, Integer> elsewhere) {
  public TaskResult {
    Objects.requireNonNull(model);
    Objects.requireNonNull(task);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(dataDigest);
    metrics = List.copyOf(metrics);
    Objects.requireNonNull(chance);
    Objects.requireNonNull(work);
    Objects.requireNonNull(log);
    Objects.requireNonNull(attention);
    Objects.requireNonNull(attribution);
    elsewhere = Collections.unmodifiableSortedMap(new TreeMap<>(elsewhere));
    if (samples < 0 || unscored < 0 || truncated < 0 || truncated > samples + unscored) {
      throw new IllegalArgumentException(
          samples + " samples, " + unscored + " unscored, " + truncated + " truncated");
    }
    if (cutTokens < 0 || tokens < 0 || !(seconds >= 0)) {
      throw new IllegalArgumentException(
          cutTokens + " tokens cut, " + tokens + " read in " + seconds + " seconds");
    }
    long others = elsewhere.values().stream().mapToLong(Integer::longValue).sum();
    if (others > samples + unscored || elsewhere.values().stream().anyMatch(each -> each < 1)) {
      throw new IllegalArgumentException(
          samples + unscored + " samples, of which others answered " + elsewhere);
    }
  }

  /** All samples are answered by the device that the model's card states. */
  public TaskResult(
      ModelCard model,
      TaskId task,
      String protocol,
      String dataDigest,
      List<MetricResult> metrics,
      OptionalDouble chance,
      int samples,
      int unscored,
      int truncated,
      long cutTokens,
      long tokens,
      Optional<Work> work,
      Optional<LogSeal> log,
      double seconds,
      Optional<AttentionResult> attention,
      Optional<AttributionResult> attribution) {
    this(
        model,
        task,
        protocol,
        dataDigest,
        metrics,
        chance,
        samples,
        unscored,
        truncated,
        cutTokens,
        tokens,
        work,
        log,
        seconds,
        attention,
        attribution,
        Map.of());
  }

  /** As people read it. */
  public String text() {
    return model.name() + " " + model.mode() + " " + task.name();
  }

  /** Tokens read per second; 0 if nothing was read. */
  public double tokensPerSecond() {
    return seconds > 0 ? tokens / seconds : 0;
  }

  /** Whether guessing explains the headline: its interval holds the chance level. */
  public boolean indistinguishableFromChance() {
    return chance.isPresent()
        && !metrics.isEmpty()
        && metrics.get(0).interval().contains(chance.getAsDouble());
  }

  public boolean complete() {
    return unscored == 0;
  }
}
