package org.ssasuite.core.attention;

import org.ssasuite.core.BadInputException;

/**
 * How a model attends. The text form ({@code full}, {@code sparse:16x16}, {@code released:16x16},
 * {@code window:16x16}, {@code random:16x16}, {@code best:16x16}, {@code nsa:16x16}; block size ×
 * block count) is what command lines and result files carry.
 */
public sealed interface AttentionMode permits Full, BlockSparse, ThreeBranch {

  /** The complete text form; {@link #parse} reads it back. */
  String text();

  /** The text form with nothing that a file name may not hold. */
  default String folderName() {
    return text().replace(':', '-');
  }

  /**
   * Reads a text form; {@code sparse} alone takes the budget that the model states, {@code nsa}
   * alone is {@code nsa:16x16}.
   *
   * @throws BadInputException for an unknown form, or one that this model has not
   */
  static AttentionMode parse(String text, ModelBudget model) {
    return ModeText.parse(text, model);
  }
}
