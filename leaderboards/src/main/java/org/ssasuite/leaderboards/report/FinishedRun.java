package org.ssasuite.leaderboards.report;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.model.ModelShelf;

/**
 * A run with results.
 *
 * @param folder where it lies, as the user named it
 */
public record FinishedRun(String folder, RunResult result) {
  public FinishedRun {
    Objects.requireNonNull(folder);
    Objects.requireNonNull(result);
  }

  /** Whether what it observes are the queries before those that answer. */
  boolean observesPrompts() {
    return result.manifest().spec().observe().map(StatisticsObservation::prompt).orElse(false);
  }

  /** Its results as task modules read them. */
  public List<ReportedResult> reported() {
    return result.results().stream().map(this::reported).toList();
  }

  /** One of its results as task modules read it. */
  ReportedResult reported(TaskResult one) {
    return new ReportedResult(
        folder, one, result.order(one.task()), ModelShelf.embedded().contains(one.model().name()));
  }
}
