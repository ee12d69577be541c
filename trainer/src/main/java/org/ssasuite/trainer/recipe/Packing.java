package org.ssasuite.trainer.recipe;

/** How documents become rows. */
public enum Packing {
  /**
   * As the released code does: documents in chunks of T − 1 tokens with an end token behind each,
   * as many whole chunks in a row as fit, end tokens as filling; positions start again with each
   * chunk, a chunk's first token and the filling are not rated.
   */
  RELEASED,
  /**
   * Documents joined by end tokens and cut anywhere: row r reads tokens rT to rT + T − 1 and
   * predicts the ones behind; positions run from 0 to T − 1.
   */
  STREAM
}
