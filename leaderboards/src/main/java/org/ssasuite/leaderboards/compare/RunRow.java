package org.ssasuite.leaderboards.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;

/**
 * One model in one mode on one task, of a finished run.
 *
 * @param folder of the run
 */
public record RunRow(Path folder, TaskResult result) {
  public RunRow {
    Objects.requireNonNull(folder);
    Objects.requireNonNull(result);
  }

  /**
   * All rows of a run.
   *
   * @throws org.ssasuite.core.BadInputException if the run is not finished or cannot be read
   */
  public static List<RunRow> of(Path folder) {
    return RunFolder.readResults(folder).results().stream()
        .map(result -> new RunRow(folder, result))
        .toList();
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
    return model() + " " + mode() + " " + task();
  }

  /** The task's first metric over all samples; absent if no sample has a score. */
  public Optional<MetricResult> headline() {
    return result.metrics().stream().filter(metric -> metric.facet().isEmpty()).findFirst();
  }

  /**
   * The row's samples, from its log.
   *
   * @throws org.ssasuite.core.BadInputException if the log is missing or malformed
   */
  public List<SampleRecord> samples() {
    return RunFolder.readSamples(folder, result.model(), result.task());
  }
}
