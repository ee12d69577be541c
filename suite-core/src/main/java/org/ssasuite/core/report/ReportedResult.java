package org.ssasuite.core.report;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;

/**
 * A result that a report is about.
 *
 * @param run folder, as the user named it
 * @param order what the task was made from; of files from before there were orders a name at most
 * @param embedded whether the model is one of those that come with the suite
 */
public record ReportedResult(
    String run, TaskResult result, Optional<TaskOrder> order, boolean embedded) {
  public ReportedResult {
    Objects.requireNonNull(run);
    Objects.requireNonNull(result);
    Objects.requireNonNull(order);
  }

  public String model() {
    return result.model().name();
  }

  public String mode() {
    return result.model().mode();
  }

  public Source source() {
    return new Source(run, model(), mode(), result.task());
  }

  /** The task's first metric over all samples; absent if no sample has a score. */
  public Optional<MetricResult> headline() {
    return ofAll().findFirst();
  }

  /** A metric over all samples. */
  public Optional<MetricResult> metric(String name) {
    return ofAll().filter(metric -> metric.metric().equals(name)).findFirst();
  }

  private Stream<MetricResult> ofAll() {
    return result.metrics().stream().filter(metric -> metric.facet().isEmpty());
  }

  /** A metric over one slice. */
  public Optional<MetricResult> metric(String name, Facet slice) {
    return in(slice).filter(metric -> metric.metric().equals(name)).findFirst();
  }

  /** The first metric over one slice. */
  public Optional<MetricResult> headline(Facet slice) {
    return in(slice).findFirst();
  }

  private Stream<MetricResult> in(Facet slice) {
    return result.metrics().stream().filter(metric -> metric.facet().equals(Optional.of(slice)));
  }

  /** A metric's interval, where its ends say something. */
  public static Optional<Interval> interval(MetricResult metric) {
    return Optional.of(metric.interval()).filter(i -> i.method() != Interval.Method.NONE);
  }
}
