package org.ssasuite.leaderboards.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.attention.WatchedRow;

/** One model in one mode on one task, of a finished run whose files hold against each other. */
public record RunRow(CheckedRun run, TaskResult result) {
  public RunRow {
    Objects.requireNonNull(run);
    Objects.requireNonNull(result);
  }

  /**
   * All rows of a run.
   *
   * @throws org.ssasuite.core.BadInputException if the run is not finished, cannot be read or does
   *     not hold
   */
  public static List<RunRow> of(Path folder) {
    return of(CheckedRun.open(folder));
  }

  /** All rows of a run. */
  public static List<RunRow> of(CheckedRun run) {
    return run.result().results().stream().map(result -> new RunRow(run, result)).toList();
  }

  /** Of the run. */
  public Path folder() {
    return run.folder();
  }

  public String model() {
    return result.model().name();
  }

  public String mode() {
    return result.model().mode();
  }

  public String task() {
    return result.task().name();
  }

  /** As people read it. */
  public String text() {
    return result.text();
  }

  /** The task's first metric over all samples; absent if no sample has a score. */
  public Optional<MetricResult> headline() {
    return result.metrics().stream().filter(metric -> metric.facet().isEmpty()).findFirst();
  }

  /**
   * The row's samples, from its log.
   *
   * @throws org.ssasuite.core.BadInputException if the log was changed since the run was opened
   */
  public List<SampleRecord> samples() {
    return run.samples(result);
  }

  /** Whether both have statistics of attention, of the same queries. */
  boolean watchesLike(RunRow other) {
    return observed().isPresent()
        && observed()
            .map(StatisticsObservation::prompt)
            .equals(other.observed().map(StatisticsObservation::prompt));
  }

  private Optional<StatisticsObservation> observed() {
    return result.attention().isPresent()
        ? run.result().manifest().spec().observe()
        : Optional.empty();
  }

  /**
   * What was seen of the attention of a row with statistics.
   *
   * @throws org.ssasuite.core.BadInputException if a log was changed since the run was opened
   */
  WatchedRow watched() {
    return WatchedRow.read(folder(), result);
  }
}
