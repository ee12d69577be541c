package org.ssasuite.leaderboards.model;

import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;

/** Attention modes as users write them, for one model. */
public final class ModeOfModel {
  private ModeOfModel() {}

  /**
   * Reads a mode's text form.
   *
   * @throws BadInputException that names the model, if it has no such mode
   */
  public static AttentionMode parse(String text, Checkpoint checkpoint) {
    try {
      return AttentionMode.parse(text, checkpoint.budget());
    } catch (BadInputException e) {
      throw new BadInputException("model " + checkpoint.name(), e.getMessage(), e);
    }
  }
}
