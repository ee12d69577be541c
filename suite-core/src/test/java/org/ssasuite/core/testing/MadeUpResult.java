package org.ssasuite.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;

/**
 * A result that no run has made: model m in mode full, trained on 8,192 tokens, 20 samples of which
 * 3 were cut by 40 of 500 tokens.
 *
 * @param unscored further samples, without a score
 */
public record MadeUpResult(
    TaskId task, Optional<TaskOrder> order, int unscored, List<MetricResult> metrics) {
  public MadeUpResult {
    metrics = List.copyOf(metrics);
  }

  public static MadeUpResult of(TaskId task) {
    return new MadeUpResult(task, Optional.of(TaskOrder.of(task.base())), 0, List.of());
  }

  /** The same, made from an order. */
  public MadeUpResult from(TaskOrder other) {
    return new MadeUpResult(task, Optional.of(other), unscored, metrics);
  }

  /** The same with samples that have no score. */
  public MadeUpResult without(int scores) {
    return new MadeUpResult(task, order, scores, metrics);
  }

  /** The same with a metric over all samples. */
  public MadeUpResult with(String metric, double value) {
    return with(metric, Optional.empty(), value);
  }

  /** The same with a metric over a slice. */
  public MadeUpResult with(String metric, Facet slice, double value) {
    return with(metric, Optional.of(slice), value);
  }

  private MadeUpResult with(String metric, Optional<Facet> slice, double value) {
    List<MetricResult> more = new ArrayList<>(metrics);
    more.add(
        new MetricResult(
            metric,
            slice,
            value,
            new Interval(value - 1, value + 1, 0.95, Interval.Method.BOOTSTRAP),
            20,
            20,
            MetricRule.Better.HIGHER,
            Optional.of(Transform.PERCENT)));
    return new MadeUpResult(task, order, unscored, more);
  }

  /** As results have it. */
  public TaskResult result() {
    return new TaskResult(
        new ModelCard("m", "full", OptionalInt.of(8192), Map.of()),
        task,
        "the protocol",
        "the digest",
        metrics,
        OptionalDouble.empty(),
        20,
        unscored,
        3,
        40,
        500,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  /** As task modules read it, from a run in folder run. */
  public ReportedResult reported() {
    return new ReportedResult("run", result(), order, false);
  }
}
