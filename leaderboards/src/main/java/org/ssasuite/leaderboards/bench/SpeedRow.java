package org.ssasuite.leaderboards.bench;

import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.onnx.PagePool;

/**
 * One line of the table.
 *
 * @param firstToken from the call to the first new token of every prompt
 * @param step one further token of every prompt
 * @param cold the same prompts read by a process of its own
 */
record SpeedRow(Case what, Timings firstToken, Timings step, ColdReading cold) {
  /**
   * What was measured.
   *
   * @param length tokens of a prompt
   * @param batch prompts side by side
   */
  record Case(BenchPlan.Subject subject, AttentionMode mode, int length, int batch) {
    Case {
      Objects.requireNonNull(subject);
      Objects.requireNonNull(mode);
    }

    String model() {
      return subject.checkpoint().name();
    }

    /** The model's weights. */
    long weightBytes(Precision precision) {
      return subject.checkpoint().parameters() * precision.bytes();
    }

    /** Whether another case differs from this one in that it attends to everything. */
    boolean hasFullTwin(Case other) {
      return other.mode instanceof Full
          && !(mode instanceof Full)
          && other.model().equals(model())
          && other.length == length
          && other.batch == batch;
    }
  }

  double prefillTokensPerSecond() {
    return firstToken.perSecond((double) what.length() * what.batch());
  }

  double decodeTokensPerSecond() {
    return step.perSecond(what.batch());
  }

  /** The share of selections that fp32 could prove; absent where there was no choice to make. */
  Optional<Double> provedShare() {
    PagePool.Report cache = cold.cache();
    long all = cache.proved() + cache.exact();
    return all == 0 ? Optional.empty() : Optional.of((double) cache.proved() / all);
  }
}
