package org.ssasuite.leaderboards.model;

import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.ModelBudget;
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
    return parse(text, checkpoint.name(), checkpoint.budget());
  }

  /**
   * The same by what a model is called and its card says.
   *
   * @throws BadInputException as above
   */
  public static AttentionMode parse(String text, String model, ModelBudget budget) {
    try {
      return AttentionMode.parse(text, budget);
    } catch (BadInputException e) {
      throw new BadInputException("model " + model, e.getMessage(), e);
    }
  }
}
