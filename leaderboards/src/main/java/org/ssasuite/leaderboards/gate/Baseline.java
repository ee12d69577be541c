package org.ssasuite.leaderboards.gate;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ssasuite.core.task.TaskId;

/**
 * What a run's perplexities were, sample by sample, to hold later runs against.
 *
 * @param version of the suite
 * @param commit that it was built from
 * @param sha256 of all the rest, as {@link BaselineFile} makes it; absent in files of {@link
 *     #FIRST_SCHEMA}
 */
record Baseline(
    String schema,
    String version,
    Optional<String> commit,
    List<Row> rows,
    Optional<String> sha256) {
  static final String SCHEMA = "ssasuite/baseline/2";

  /** Of files without a digest, which name fewer facts of a model. */
  static final String FIRST_SCHEMA = "ssasuite/baseline/1";

  /** Whose squares, and sums of them over any baseline, stay finite. */
  private static final double LARGEST = 1e70;

  Baseline {
    if (!schema.equals(SCHEMA) && !schema.equals(FIRST_SCHEMA)) {
      throw new IllegalArgumentException("schema " + schema + ", not " + SCHEMA);
    }
    if (schema.equals(FIRST_SCHEMA) && sha256.isPresent()) {
      throw new IllegalArgumentException("schema " + schema + " has no sha256");
    }
    Objects.requireNonNull(version);
    Objects.requireNonNull(commit);
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a baseline has no row");
    }
    Set<String> names = new HashSet<>();
    for (Row row : rows) {
      if (!names.add(row.text())) {
        throw new IllegalArgumentException(row.text() + " is there twice");
      }
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
      Set<List<String>> asked = new HashSet<>();
      for (Sample sample : samples) {
        if (!asked.add(List.of(sample.requests(), sample.document()))) {
          throw new IllegalArgumentException(
              "a sample of document " + sample.document() + " is there twice");
        }
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
      if (!(Math.abs(value) <= LARGEST) || !(weight >= 0 && weight <= LARGEST)) {
        throw new IllegalArgumentException(document + ": value " + value + ", weight " + weight);
      }
    }
  }
}
