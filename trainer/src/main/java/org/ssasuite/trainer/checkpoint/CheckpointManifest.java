package org.ssasuite.trainer.checkpoint;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes a checkpoint folder whole; written last.
 *
 * @param step optimiser steps behind it
 * @param files SHA-256 of every other file, by name
 */
record CheckpointManifest(String schema, int step, Map<String, String> files) {
  static final String SCHEMA = "ssasuite/train-checkpoint/1";

  CheckpointManifest {
    if (step < 0) {
      throw new IllegalArgumentException("step " + step);
    }
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }
}
