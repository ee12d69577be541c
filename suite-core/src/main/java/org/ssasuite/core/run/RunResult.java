package org.ssasuite.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.TaskId;

/**
 * All results of a run with where they come from; written last. Each row states the digest of its
 * log, but in files of {@link #FIRST_SCHEMA}, where none does.
 *
 * @param costs of each model's modes, in a run that times them; none is not written
 */
public record RunResult(
    String schema,
    RunManifest manifest,
    List<TaskResult> results,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ModeCost> costs) {
  public static final String SCHEMA = "ssasuite/results/3";

  /** Of runs whose intervals could leave what a metric can be. */
  public static final String SECOND_SCHEMA = "ssasuite/results/2";

  /** Of runs whose files carry no digests. */
  public static final String FIRST_SCHEMA = "ssasuite/results/1";

  public RunResult {
    Objects.requireNonNull(manifest);
    results = List.copyOf(results);
    costs = List.copyOf(costs);
    boolean sealed = schema.equals(SCHEMA) || schema.equals(SECOND_SCHEMA);
    String partner = sealed ? RunManifest.SCHEMA : RunManifest.FIRST_SCHEMA;
    if (!sealed && !schema.equals(FIRST_SCHEMA)) {
      throw new IllegalArgumentException("schema " + schema + ", not " + SCHEMA);
    }
    if (!manifest.schema().equals(partner)) {
      throw new IllegalArgumentException(
          "results of schema " + schema + " with a manifest of schema " + manifest.schema());
    }
    if (manifest.shard().isPresent()) {
      throw new IllegalArgumentException("results of " + manifest.shard().get().text());
    }
    for (TaskResult result : results) {
      if (result.log().isPresent() != sealed) {
        throw new IllegalArgumentException(
            result.task() + (sealed ? " has no 'log' in " : " has a 'log' in ") + schema);
      }
    }
  }

  /** Of a run that times no modes. */
  public RunResult(String schema, RunManifest manifest, List<TaskResult> results) {
    this(schema, manifest, results, List.of());
  }

  /** Whether files of this schema carry digests. */
  public boolean sealed() {
    return !schema.equals(FIRST_SCHEMA);
  }

  /** How its intervals were made. */
  IntervalRule intervalRule() {
    return schema.equals(SCHEMA) ? IntervalRule.WITHIN_RANGE : IntervalRule.UNBOUNDED;
  }

  /**
   * The order that a result's task was made from. Where a run has several of one task, each is that
   * of the id which shows most of it.
   *
   * @return absent in files from before there were orders, where names showed lengths and seeds too
   */
  public Optional<TaskOrder> order(TaskId task) {
    return manifest.spec().tasks().stream()
        .filter(order -> order.task().equals(task.base()))
        .filter(order -> shown(order).filter(task::equals).isPresent())
        .findFirst();
  }

  private Optional<TaskId> shown(TaskOrder order) {
    return results.stream()
        .map(TaskResult::task)
        .filter(id -> id.base().equals(order.task()) && order.isShownBy(id.variant()))
        .max(Comparator.comparingInt(id -> id.variant().shown()));
  }

  public boolean complete() {
    return results.stream().allMatch(TaskResult::complete);
  }
}
