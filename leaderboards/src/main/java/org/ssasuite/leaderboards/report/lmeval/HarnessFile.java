package org.ssasuite.leaderboards.report.lmeval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.report.FinishedRun;

/**
 * A model in a mode as lm-evaluation-harness 0.4.9 writes results ({@code results_….json} of {@code
 * lm_eval/loggers/evaluation_tracker.py}): shares as fractions, each metric with filter {@code
 * none}, its standard error beside it. Tasks have our names, metrics ours too.
 *
 * @param name of the file
 */
public record HarnessFile(String name, String text) {
  private static final StrictJson JSON = new StrictJson(List.of());
  private static final String NOT_KNOWN = "N/A";

  /** One for each model and mode of a run. */
  public static List<HarnessFile> of(FinishedRun run, int number) {
    Map<String, ObjectNode> files = new LinkedHashMap<>();
    for (TaskResult row : run.result().results()) {
      String name = name(number, row);
      put(files.computeIfAbsent(name, any -> document(run, row)), run, row);
    }
    return files.entrySet().stream()
        .map(file -> new HarnessFile(file.getKey(), JSON.document(file.getValue())))
        .toList();
  }

  /** Of characters that mean nothing in a path. */
  private static String name(int number, TaskResult row) {
    String model = row.model().name() + "-" + row.model().mode();
    return "lm-eval-" + number + "-" + model.replaceAll("[^A-Za-z0-9_.@+=-]", "_") + ".json";
  }

  private static ObjectNode document(FinishedRun run, TaskResult row) {
    RunManifest manifest = run.result().manifest();
    ObjectNode node = JSON.mapper().createObjectNode();
    for (String part :
        List.of(
            "results",
            "group_subtasks",
            "configs",
            "versions",
            "n-shot",
            "higher_is_better",
            "n-samples")) {
      node.putObject(part);
    }
    node.putObject("config")
        .put("model", "ssa-suite")
        .put(
            "model_args",
            "pretrained="
                + row.model().name()
                + ",mode="
                + row.model().mode()
                + ",dtype="
                + manifest.spec().precision())
        .put("device", manifest.spec().device())
        .put("batch_size", manifest.spec().batch());
    node.put("git_hash", manifest.commit().orElse(NOT_KNOWN));
    node.put("date", manifest.startedSeconds());
    node.put("model_source", "ssa-suite").put("model_name", row.model().name());
    return node;
  }

  private static void put(ObjectNode node, FinishedRun run, TaskResult row) {
    String task = row.task().name();
    Optional<TaskOrder> order = run.result().order(row.task());
    ObjectNode results = node.withObject("/results").putObject(task).put("alias", task);
    ObjectNode better = node.withObject("/higher_is_better").putObject(task);
    for (MetricResult metric : row.metrics()) {
      if (metric.facet().isEmpty()) {
        put(results, metric);
        better.put(metric.metric(), metric.better() == MetricRule.Better.HIGHER);
      }
    }
    node.withObject("/group_subtasks").putArray(task);
    node.withObject("/versions").put(task, row.task().version());
    int shots = order.map(each -> each.shots().orElse(0)).orElse(0);
    node.withObject("/n-shot").put(task, shots);
    node.withObject("/configs")
        .putObject(task)
        .put("task", task)
        .put("num_fewshot", shots)
        .put("protocol", row.protocol())
        .putObject("metadata")
        .put("version", row.task().version());
    int samples = row.samples() + row.unscored();
    ObjectNode counts = node.withObject("/n-samples").putObject(task);
    if (order.filter(each -> each.limit().isEmpty()).isPresent()) {
      counts.put("original", samples);
    }
    counts.put("effective", samples);
  }

  private static void put(ObjectNode results, MetricResult metric) {
    double scale = metric.transform().equals(Optional.of(Transform.PERCENT)) ? 100 : 1;
    if (Double.isFinite(metric.value())) {
      results.put(metric.metric() + ",none", metric.value() / scale);
    } else {
      results.put(metric.metric() + ",none", NOT_KNOWN);
    }
    String error = metric.metric() + "_stderr,none";
    if (metric.standardError().isPresent()
        && Double.isFinite(metric.standardError().getAsDouble())) {
      results.put(error, metric.standardError().getAsDouble() / scale);
    } else {
      results.put(error, NOT_KNOWN);
    }
  }
}
