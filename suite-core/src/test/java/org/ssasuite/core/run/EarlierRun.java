package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.MetricRule;

/** Makes finished runs what earlier versions left. */
public final class EarlierRun {
  private EarlierRun() {}

  /** Rewrites the results as the second version had them; digests stay as they are. */
  public static void makeSecond(Path folder) throws IOException {
    RunResult now = RunFolder.readResults(folder);
    List<TaskResult> earlier = new ArrayList<>();
    for (TaskResult row : now.results()) {
      TaskTally tally = new TaskTally(aggregate(row), IntervalRule.UNBOUNDED);
      SampleLog.read(folder.resolve(RunFolder.logName(row.model(), row.task())))
          .forEach(tally::add);
      TaskTally.Claim claim = new TaskTally.Claim(row.task(), row.protocol(), row.dataDigest());
      earlier.add(tally.result(row.model(), claim, row.work(), row.log(), row.seconds()));
    }
    Files.writeString(
        folder.resolve(RunFolder.RESULTS),
        RunJson.document(new RunResult(RunResult.SECOND_SCHEMA, now.manifest(), earlier))
            .replaceAll(",\\s*\"standard_error\" : null", ""));
  }

  private static Aggregate aggregate(TaskResult row) {
    Map<String, MetricRule> rules = new LinkedHashMap<>();
    for (MetricResult metric : row.metrics()) {
      rules.putIfAbsent(
          metric.metric(),
          new MetricRule(metric.metric(), metric.transform().orElseThrow(), metric.better()));
    }
    return new Aggregate(List.copyOf(rules.values()));
  }

  /** Makes a run what the first version would have left: without any digest. */
  public static void makeFirst(Path folder) throws IOException {
    makeSecond(folder);
    Files.delete(folder.resolve(RunSums.NAME));
    for (String name : List.of(RunFolder.MANIFEST, RunFolder.RESULTS)) {
      Path file = folder.resolve(name);
      Files.writeString(
          file,
          Files.readString(file)
              .replace(RunResult.SECOND_SCHEMA, RunResult.FIRST_SCHEMA)
              .replace(RunManifest.SCHEMA, RunManifest.FIRST_SCHEMA)
              .replaceAll("\"log\" : \\{[^}]*},\\s*", "")
              .replaceAll("\"rows\" : \\[[^\\]]*],\\s*", ""));
    }
  }
}
