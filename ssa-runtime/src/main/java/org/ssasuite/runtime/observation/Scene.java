package org.ssasuite.runtime.observation;

import java.util.Objects;
import java.util.function.Supplier;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * A sequence that is to be watched, and the model that reads it.
 *
 * @param answering the queries whose next token is rated, or written: then the last may not be
 *     reached
 * @param writing whether the sequence is a prompt and what is written behind it
 * @param textEnds where the request's text ends behind each token of the prompt; fails with one
 *     line where that is not known
 * @param cut whether a part of the text is not read
 */
public record Scene(
    ModelConfig config,
    AttentionMode mode,
    QueryRange answering,
    boolean writing,
    Supplier<int[]> textEnds,
    boolean cut) {
  public Scene {
    Objects.requireNonNull(config);
    Objects.requireNonNull(mode);
    Objects.requireNonNull(answering);
    Objects.requireNonNull(textEnds);
  }

  /** One whose text is read whole. */
  public Scene(
      ModelConfig config,
      AttentionMode mode,
      QueryRange answering,
      boolean writing,
      Supplier<int[]> textEnds) {
    this(config, mode, answering, writing, textEnds, false);
  }
}
