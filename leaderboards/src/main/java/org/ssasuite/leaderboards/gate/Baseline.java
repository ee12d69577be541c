package org.ssasuite.leaderboards.gate;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.task.TaskId;

/**
 * What a run's perplexities were, sample by sample, to hold later runs against.
 *
 * @param version of the suite
 * @param commit that it was built from
 */
record Baseline(String schema, String version, Optional<String> commit, List<Row> rows) {
  static final String SCHEMA = "ssasuite/baseline/1";

  Baseline {
    if (!schema.equals(SCHEMA)) {
      throw new IllegalArgumentException("schema " + schema + ", not " + SCHEMA);
    }
    Objects.requireNonNull(version);
    Objects.requireNonNull(commit);
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a baseline has no row");
    }
  }

  /**
   * One model in one mode on one task whose headline is a perplexity.
   *
   * @param metric the headline
   * @param facts of the model that a comparison rests on, as {@link Comparability} names them
   */
  record Row(
      String model,
      String mode,
      TaskId task,
      String protocol,
      String dataDigest,
      String metric,
      Map<String, String> facts,
      List<Sample> samples) {
    Row {
      Objects.requireNonNull(model);
      Objects.requireNonNull(mode);
      Objects.requireNonNull(task);
      Objects.requireNonNull(protocol);
      Objects.requireNonNull(dataDigest);
      Objects.requireNonNull(metric);
      facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
      samples = List.copyOf(samples);
      if (samples.isEmpty()) {
        throw new IllegalArgumentException(model + " " + mode + " " + task + " has no sample");
      }
    }

    /** As people read it. */
    String text() {
      return model + " " + mode + " " + task.name();
    }
  }

  /**
   * One sample.
   *
   * @param requests SHA-256 of the digests of its requests
   * @param value nats per unit of weight
   * @param weight as words
   */
  record Sample(String requests, String document, double value, double weight) {
    Sample {
      Objects.requireNonNull(requests);
      Objects.requireNonNull(document);
      if (!Double.isFinite(value) || !Double.isFinite(weight) || weight < 0) {
        throw new IllegalArgumentException(document + ": value " + value + ", weight " + weight);
      }
    }
  }
}
