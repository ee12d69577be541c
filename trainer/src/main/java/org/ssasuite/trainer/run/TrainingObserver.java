package org.ssasuite.trainer.run;

import java.util.List;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;

/** Who is told how a run goes, and evaluates its checkpoints. */
public interface TrainingObserver {
  /** The run goes on behind a checkpoint. */
  void resumed(Saved checkpoint);

  /**
   * A step is done.
   *
   * @param steps of the whole run
   */
  void stepped(StepRecord record, int steps);

  /** A checkpoint is whole. */
  void saved(Saved checkpoint);

  /** The scores of a checkpoint that is due for evaluation; may take its time. */
  List<EvaluationScore> evaluate(Saved checkpoint);
}
