package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.testing.LikeToys;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

/** What guessing would get, beside what a model got. */
class ChanceTest {
  @TempDir Path folder;

  @Test
  void chanceIsTheMeanOverScoredSamplesInTheHeadlinesUnit() {
    Task<ToySample> task = guessing(4, sample -> OptionalDouble.of(sample.number() / 8.0));

    TaskResult result = run(task, answering(n -> n == 0 ? "none" : "" + 2 * n));

    assertThat(result.chance()).isEqualTo(OptionalDouble.of(100 * (1 + 2 + 3) / 8.0 / 3));
  }

  @Test
  void aTaskWithoutChanceHasNone() {
    TaskResult result = run(ToyTask.of(4), answering(n -> "" + 2 * n));

    assertThat(result.chance()).isEmpty();
    assertThat(result.indistinguishableFromChance()).isFalse();
  }

  @Test
  void aSampleWithoutChanceTakesItFromTheTask() {
    Task<ToySample> task =
        guessing(
            4, sample -> sample.number() < 3 ? OptionalDouble.of(0.5) : OptionalDouble.empty());

    assertThat(run(task, answering(n -> "" + 2 * n)).chance()).isEmpty();
  }

  @Test
  void chanceWithoutAScoredSampleIsAbsent() {
    TaskResult result = run(guessing(4, sample -> OptionalDouble.of(0.5)), answering(n -> "none"));

    assertThat(result.chance()).isEmpty();
    assertThat(result.indistinguishableFromChance()).isFalse();
  }

  @Test
  void aHeadlineWhoseIntervalHoldsChanceIsIndistinguishableFromIt() {
    Task<ToySample> task = guessing(40, sample -> OptionalDouble.of(0.5));

    assertThat(
            run(task, answering(n -> n % 4 < 2 ? "0" : "" + 2 * n)).indistinguishableFromChance())
        .isTrue();
  }

  @Test
  void aHeadlineWhoseIntervalIsAboveChanceIsDistinguishable() {
    Task<ToySample> task = guessing(40, sample -> OptionalDouble.of(0.5));

    assertThat(
            run(task, answering(n -> n % 10 == 1 ? "0" : "" + 2 * n)).indistinguishableFromChance())
        .isFalse();
  }

  private static Task<ToySample> guessing(int count, Function<ToySample, OptionalDouble> chance) {
    return new GuessingTask(ToyTask.of(count), chance);
  }

  private static LanguageModel answering(Function<Integer, String> answer) {
    return new ScriptedModel(
        request -> {
          String prompt = ((Generate) request).prompt();
          int number = Integer.parseInt(prompt.replaceAll("^2 \\* | =$", ""));
          return new Generation(answer.apply(number), 1, ContextFit.whole(7), Optional.empty());
        });
  }

  private TaskResult run(Task<ToySample> task, LanguageModel model) {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  /** The toy task with a chance level for each sample. */
  private record GuessingTask(ToyTask toys, Function<ToySample, OptionalDouble> guess)
      implements LikeToys {
    @Override
    public OptionalDouble chance(ToySample sample) {
      return guess.apply(sample);
    }
  }
}
