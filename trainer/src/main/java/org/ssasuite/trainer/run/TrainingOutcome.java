package org.ssasuite.trainer.run;

import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;

/** How a run ended. */
public sealed interface TrainingOutcome {
  /** The last state that is good. */
  Saved checkpoint();

  /** All steps that were asked for are done. */
  record Finished(Saved checkpoint) implements TrainingOutcome {}

  /**
   * A loss or the gradients' norm was no number; the weights are those before that step.
   *
   * @param step from 1, the one that failed
   * @param fact which figure was what
   */
  record Diverged(Saved checkpoint, int step, String fact) implements TrainingOutcome {}
}
