package org.ssasuite.leaderboards.bench;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.Engine;

/**
 * What is measured: every model in each of its modes, at each length, in each batch.
 *
 * @param lengths tokens of a prompt
 * @param batches prompts that are read side by side
 * @param newTokens that follow each prompt, the first one included; at least 2, so that there is a
 *     step to time
 * @param repeats timed readings, after one that is not
 */
record BenchPlan(
    List<Subject> subjects,
    List<Integer> lengths,
    List<Integer> batches,
    int newTokens,
    int repeats,
    Engine engine) {
  private static final int MOST_TOKENS = 1 << 24;

  /** A model and the modes that it is measured in. */
  record Subject(Checkpoint checkpoint, List<AttentionMode> modes) {
    Subject {
      Objects.requireNonNull(checkpoint);
      modes = List.copyOf(modes);
    }
  }

  BenchPlan {
    subjects = List.copyOf(subjects);
    lengths = List.copyOf(lengths);
    batches = List.copyOf(batches);
    Objects.requireNonNull(engine);
    if (newTokens < 2) {
      throw new BadInputException("--new-tokens", "must be at least 2, not " + newTokens);
    }
    if (repeats < 1) {
      throw new BadInputException("--repeats", "must be at least 1, not " + repeats);
    }
    for (int batch : batches) {
      if (batch < 1) {
        throw new BadInputException("--batch", "must be at least 1, not " + batch);
      }
      for (int length : lengths) {
        if ((long) batch * (length + newTokens) > MOST_TOKENS) {
          throw new BadInputException(
              "--batch " + batch, "of " + length + " tokens is more than " + MOST_TOKENS);
        }
      }
    }
  }
}
