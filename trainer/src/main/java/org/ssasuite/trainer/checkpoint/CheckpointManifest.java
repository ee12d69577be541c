package org.ssasuite.trainer.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.StrictJson;

/**
 * What makes a checkpoint folder whole; written last.
 *
 * @param step optimiser steps behind it
 * @param run that it belongs to
 * @param files SHA-256 of every other file, by name
 * @param sha256 of this manifest's line of JSON without it
 */
record CheckpointManifest(
    String schema, int step, RunDigests run, Map<String, String> files, Optional<String> sha256) {
  static final String SCHEMA = "ssasuite/train-checkpoint/2";
  static final StrictJson JSON = new StrictJson(List.of());

  CheckpointManifest {
    if (step < 0) {
      throw new IllegalArgumentException("step " + step);
    }
    Objects.requireNonNull(run);
    Objects.requireNonNull(sha256);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  static CheckpointManifest of(int step, RunDigests run, Map<String, String> files) {
    CheckpointManifest bare = new CheckpointManifest(SCHEMA, step, run, files, Optional.empty());
    return new CheckpointManifest(SCHEMA, step, run, files, Optional.of(bare.digest()));
  }

  /** Whether it is what was written. */
  boolean isWhole() {
    return sha256.equals(Optional.of(digest()));
  }

  private String digest() {
    return Digests.sha256(
        JSON.line(new CheckpointManifest(schema, step, run, files, Optional.empty())));
  }
}
