package org.ssasuite.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.task.TaskId;

/**
 * The JSON form of a {@link TaskResult}: flat, and clock values have names that end in {@code
 * _seconds} or {@code _millis}.
 */
record TaskResultForm(
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
    OptionalLong runs,
    OptionalLong runTokens,
    OptionalLong sharedTokens,
    Optional<LogSeal> log,
    @JsonProperty("answer_seconds") double seconds,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AttentionResult> attention,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AttributionResult> attribution,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, Integer>> elsewhere) {
  /** Absent in rows that nobody asked for them, or that one device answered. */
  static final List<String> OPTIONAL = List.of("attention", "attribution", "elsewhere");

  /** Absent in files of the first version that were written before there were these fields. */
  static final List<String> LATER = List.of("chance", "runs", "run_tokens", "shared_tokens", "log");

  static TaskResultForm of(TaskResult result) {
    Optional<Work> work = result.work();
    return new TaskResultForm(
        result.model(),
        result.task(),
        result.protocol(),
        result.dataDigest(),
        result.metrics(),
        result.chance(),
        result.samples(),
        result.unscored(),
        result.truncated(),
        result.cutTokens(),
        result.tokens(),
        work.map(w -> OptionalLong.of(w.runs())).orElse(OptionalLong.empty()),
        work.map(w -> OptionalLong.of(w.tokens())).orElse(OptionalLong.empty()),
        work.map(w -> OptionalLong.of(w.sharedTokens())).orElse(OptionalLong.empty()),
        result.log(),
        result.seconds(),
        result.attention(),
        result.attribution(),
        Optional.of(result.elsewhere()).filter(others -> !others.isEmpty()));
  }

  TaskResult result() {
    return new TaskResult(
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
        work(),
        log,
        seconds,
        attention,
        attribution,
        elsewhere.orElse(Map.of()));
  }

  private Optional<Work> work() {
    if (runs.isEmpty() && runTokens.isEmpty() && sharedTokens.isEmpty()) {
      return Optional.empty();
    }
    if (runs.isEmpty() || runTokens.isEmpty() || sharedTokens.isEmpty()) {
      throw new IllegalArgumentException("of runs, run_tokens and shared_tokens one is missing");
    }
    return Optional.of(new Work(runs.getAsLong(), runTokens.getAsLong(), sharedTokens.getAsLong()));
  }
}
