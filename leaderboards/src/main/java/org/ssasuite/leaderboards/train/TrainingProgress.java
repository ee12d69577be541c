package org.ssasuite.leaderboards.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.CheckpointTasks;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;
import org.ssasuite.trainer.run.EvaluationScore;
import org.ssasuite.trainer.run.StepRecord;
import org.ssasuite.trainer.run.TrainingObserver;

/**
 * Says how a training run goes, a line every few seconds, and puts its checkpoints through tasks in
 * the runtime. Mutable, one owner.
 */
final class TrainingProgress implements TrainingObserver {
  private static final Duration LINE_EVERY = Duration.ofSeconds(10);

  private final Console console;
  private final Home home;
  private final Path evaluations;
  private final Optional<CheckpointTasks> tasks;
  private final int threads;
  private int first;
  private long nextLineNanos = System.nanoTime();

  /**
   * Progress of one run.
   *
   * @param evaluations folder for the run folders of evaluated checkpoints
   */
  TrainingProgress(
      Console console, Home home, Path evaluations, Optional<CheckpointTasks> tasks, int threads) {
    this.console = console;
    this.home = home;
    this.evaluations = evaluations;
    this.tasks = tasks;
    this.threads = threads;
  }

  @Override
  public void resumed(Saved checkpoint) {
    first = checkpoint.step();
    console.err().println("going on behind " + checkpoint.folder());
  }

  @Override
  public void stepped(StepRecord record, int steps) {
    long now = System.nanoTime();
    if (now - nextLineNanos >= 0 || record.step() == steps) {
      nextLineNanos = now + LINE_EVERY.toNanos();
      console.err().println(line(record, steps));
    }
  }

  private String line(StepRecord record, int steps) {
    double perStep = record.seconds() / (record.step() - first);
    Duration left = Duration.ofSeconds(Math.round(perStep * (steps - record.step())));
    String use =
        record.flopsShare().isPresent()
            ? String.format(Locale.ROOT, ", MFU %.1f %%", 100 * record.flopsShare().getAsDouble())
            : "";
    return String.format(
        Locale.ROOT,
        "step %d/%d %s  loss %.4f  align %.6f  %,.0f tokens/s%s  %d:%02d:%02d left",
        record.step(),
        steps,
        record.mode(),
        record.losses().nextToken(),
        record.losses().alignment(),
        record.tokensPerSecond(),
        use,
        left.toHours(),
        left.toMinutesPart(),
        left.toSecondsPart());
  }

  @Override
  public void saved(Saved checkpoint) {
    console.err().println("saved " + checkpoint.folder());
  }

  @Override
  public List<EvaluationScore> evaluate(Saved checkpoint) {
    return tasks.map(t -> scores(t, checkpoint)).orElse(List.of());
  }

  private List<EvaluationScore> scores(CheckpointTasks asked, Saved checkpoint) {
    RuntimeOptions options = new RuntimeOptions(threads, Device.CPU, Precision.FP32, Isa.AUTO);
    Path out = evaluations.resolve(String.valueOf(checkpoint.folder().getFileName()));
    RunResult result = asked.of(checkpoint.folder(), out, options, console, home);
    return result.results().stream()
        .flatMap(
            task ->
                task.metrics().stream()
                    .filter(metric -> metric.facet().isEmpty())
                    .map(
                        metric ->
                            new EvaluationScore(
                                task.task().name(),
                                task.model().mode(),
                                metric.metric(),
                                metric.value())))
        .toList();
  }
}
