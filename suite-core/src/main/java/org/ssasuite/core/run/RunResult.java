package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;

/** All results of a run with where they come from; written last. */
public record RunResult(String schema, RunManifest manifest, List<TaskResult> results) {
  public static final String SCHEMA = "ssasuite/results/1";

  public RunResult {
    if (!schema.equals(SCHEMA)) {
      throw new IllegalArgumentException("schema " + schema + ", not " + SCHEMA);
    }
    Objects.requireNonNull(manifest);
    results = List.copyOf(results);
  }

  public boolean complete() {
    return results.stream().allMatch(TaskResult::complete);
  }
}
