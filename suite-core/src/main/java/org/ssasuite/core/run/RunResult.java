package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;

/**
 * All results of a run with where they come from; written last. Each row states the digest of its
 * log, but in files of {@link #FIRST_SCHEMA}, where none does.
 */
public record RunResult(String schema, RunManifest manifest, List<TaskResult> results) {
  public static final String SCHEMA = "ssasuite/results/2";

  /** Of runs whose files carry no digests. */
  public static final String FIRST_SCHEMA = "ssasuite/results/1";

  public RunResult {
    Objects.requireNonNull(manifest);
    results = List.copyOf(results);
    boolean sealed = schema.equals(SCHEMA);
    String partner = sealed ? RunManifest.SCHEMA : RunManifest.FIRST_SCHEMA;
    if (!sealed && !schema.equals(FIRST_SCHEMA)) {
      throw new IllegalArgumentException("schema " + schema + ", not " + SCHEMA);
    }
    if (!manifest.schema().equals(partner)) {
      throw new IllegalArgumentException(
          "results of schema " + schema + " with a manifest of schema " + manifest.schema());
    }
    for (TaskResult result : results) {
      if (result.log().isPresent() != sealed) {
        throw new IllegalArgumentException(
            result.task() + (sealed ? " has no 'log' in " : " has a 'log' in ") + schema);
      }
    }
  }

  /** Whether files of this schema carry digests. */
  public boolean sealed() {
    return schema.equals(SCHEMA);
  }

  public boolean complete() {
    return results.stream().allMatch(TaskResult::complete);
  }
}
