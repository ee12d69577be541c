package org.ssasuite.leaderboards.text;

import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/**
 * A text, and the model that it goes through: read and checked, no weights loaded.
 *
 * @param rope replaces what the model's config states
 * @param text absent if ids are given
 * @param given absent if a text is given
 */
public record TextOnModel(
    Checkpoint checkpoint,
    AttentionMode mode,
    RuntimeOptions options,
    Optional<RopeScaling> rope,
    Scheduling scheduling,
    Optional<String> text,
    Optional<int[]> given) {
  public TextOnModel {
    Objects.requireNonNull(checkpoint);
    Objects.requireNonNull(mode);
    Objects.requireNonNull(options);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(scheduling);
    if (text.isPresent() == given.isPresent()) {
      throw new IllegalArgumentException("a text or ids, one of the two");
    }
  }

  /** Loads the weights; the caller closes the model. */
  public SsaModel load() {
    return SsaModel.load(checkpoint, options, rope, scheduling);
  }

  /** The text's token ids, nothing added; no weights are read. */
  public int[] ids() {
    return given.orElseGet(() -> SsaModel.tokenize(checkpoint, text.orElseThrow()));
  }

  /** The text's token ids, nothing added. */
  public int[] ids(SsaModel model) {
    return given.orElseGet(() -> model.tokenize(text.orElseThrow()));
  }
}
