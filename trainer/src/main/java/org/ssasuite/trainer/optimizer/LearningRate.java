package org.ssasuite.trainer.optimizer;

import ai.djl.training.tracker.Tracker;
import org.ssasuite.trainer.recipe.TrainSpec.Schedule;
import org.ssasuite.trainer.recipe.TrainSpec.Schedule.Rise;

/** The learning rate of each step: DJL's linear warm-up, then its cosine. Immutable. */
public final class LearningRate {
  private final Schedule schedule;
  private final Tracker rise;
  private final Tracker fall;

  /**
   * The rates of a run.
   *
   * @param steps of the whole run
   */
  public LearningRate(Schedule schedule, int steps) {
    float peak = (float) schedule.peakLearningRate();
    this.schedule = schedule;
    this.rise =
        Tracker.warmUp()
            .optWarmUpBeginValue(0)
            .optWarmUpSteps(Math.max(1, schedule.warmupSteps()))
            .setMainTracker(Tracker.fixed(peak))
            .build();
    this.fall =
        Tracker.cosine()
            .setBaseValue(peak)
            .optFinalValue((float) schedule.minLearningRate())
            .setMaxUpdates(Math.max(1, steps - schedule.warmupSteps()))
            .build();
  }

  /** The rate of a step, counted from 0. */
  public double at(int step) {
    int warmup = schedule.warmupSteps();
    if (step < warmup) {
      return rise.getNewValue(schedule.rise() == Rise.FROM_ZERO ? step : step + 1);
    }
    return fall.getNewValue(step - warmup);
  }
}
