package org.ssasuite.leaderboards.train;

import java.util.List;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;
import org.ssasuite.trainer.run.EvaluationScore;
import org.ssasuite.trainer.run.StepRecord;
import org.ssasuite.trainer.run.TrainingObserver;

/** Says nothing: of several processes that train together, the first one speaks. */
final class SilentProgress implements TrainingObserver {
  @Override
  public void resumed(Saved checkpoint) {}

  @Override
  public void stepped(StepRecord record, int steps) {}

  @Override
  public void saved(Saved checkpoint) {}

  @Override
  public List<EvaluationScore> evaluate(Saved checkpoint) {
    return List.of();
  }
}
