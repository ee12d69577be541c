package org.ssasuite.leaderboards.op;

import java.nio.file.Path;

/** An operator that can be called on files. */
interface Operator {
  /**
   * Reads and checks the inputs.
   *
   * @param out an existing folder
   * @return what computes and writes the outputs
   */
  Runnable prepare(OpFolder in, Path out, OperatorRun run);
}
