package org.ssasuite.leaderboards.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.PairedTests;

/**
 * All tasks that two runs have in common.
 *
 * @param lines in table order
 * @param notCompared rows that belong together and cannot be compared, each with its reason
 * @param alpha of all tests together
 * @param power with which a difference is to be found
 */
record Comparison(List<Line> lines, List<String> notCompared, double alpha, double power) {
  Comparison {
    lines = List.copyOf(lines);
    notCompared = List.copyOf(notCompared);
  }

  /**
   * One task.
   *
   * @param adjusted Holm's probability over the tasks that have a test; absent where there is none
   */
  record Line(TaskComparison task, Optional<Double> adjusted, Verdict verdict) {}

  /** Whether a sample had no score on either side. */
  boolean complete() {
    return lines.stream().allMatch(line -> line.task().samples().unscored() == 0);
  }

  /** Tests that alpha is shared among. */
  int tests() {
    return (int) lines.stream().filter(line -> line.adjusted().isPresent()).count();
  }

  /**
   * Compares the rows that belong together.
   *
   * @throws BadInputException if none do
   */
  static Comparison of(List<RowPairs.RowPair<RunRow>> pairs, double alpha, double power) {
    List<TaskComparison> tasks = new ArrayList<>();
    List<String> notCompared = new ArrayList<>();
    for (RowPairs.RowPair<RunRow> pair : pairs) {
      Optional<String> obstacle = obstacle(pair.a(), pair.b());
      if (obstacle.isPresent()) {
        notCompared.add(pair.a().text() + ": " + obstacle.get());
        continue;
      }
      MetricResult headline = pair.a().headline().orElseThrow();
      SamplePairs samples =
          SamplePairs.of(
              SamplePairs.samples(pair.a(), headline.metric()),
              SamplePairs.samples(pair.b(), headline.metric()),
              pair.b().folder() + ", " + pair.b().text());
      if (samples.pairs().stream().noneMatch(p -> p.weightA() > 0)) {
        notCompared.add(pair.a().text() + ": no sample was asked the same and scored in both");
        continue;
      }
      tasks.add(
          TaskComparison.of(
              pair.a(),
              pair.b(),
              headline.metric(),
              headline.transform().orElseThrow(),
              headline.better(),
              samples));
    }
    return judged(tasks, notCompared, alpha, power);
  }

  /** Why two rows cannot be compared. */
  private static Optional<String> obstacle(RunRow a, RunRow b) {
    if (a.headline().isEmpty() || b.headline().isEmpty()) {
      return Optional.of("no sample has a score");
    }
    if (!a.result().task().equals(b.result().task())) {
      return Optional.of(a.result().task() + " against " + b.result().task());
    }
    if (!a.result().protocol().equals(b.result().protocol())) {
      return Optional.of("protocol " + a.result().protocol() + " against " + b.result().protocol());
    }
    if (a.headline().get().transform().isEmpty() || b.headline().get().transform().isEmpty()) {
      return Optional.of("a file of before, which does not state its metrics' transforms");
    }
    return Optional.empty();
  }

  private static Comparison judged(
      List<TaskComparison> tasks, List<String> notCompared, double alpha, double power) {
    List<Double> adjusted =
        PairedTests.holm(
            tasks.stream()
                .flatMap(task -> task.test().stream())
                .map(PairedTest::probability)
                .toList());
    List<Line> lines = new ArrayList<>();
    int next = 0;
    for (TaskComparison task : tasks) {
      Optional<Double> own =
          task.test().isPresent() ? Optional.of(adjusted.get(next++)) : Optional.empty();
      lines.add(new Line(task, own, Verdict.of(task, own.orElse(1.0), alpha)));
    }
    return new Comparison(lines, notCompared, alpha, power);
  }
}
