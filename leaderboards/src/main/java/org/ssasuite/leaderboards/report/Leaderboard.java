package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.MetricRule;

/**
 * Results of one or several runs, a row per model, mode and task: comparable rows next to each
 * other, otherwise in the runs' own order. The best of each comparable group is marked; rows of
 * different protocols, data or numbers of samples are never compared.
 */
public final class Leaderboard {
  private final List<FinishedRun> runs;
  private final List<LeaderboardRow> rows;

  private Leaderboard(List<FinishedRun> runs, List<LeaderboardRow> rows) {
    this.runs = List.copyOf(runs);
    this.rows = List.copyOf(rows);
  }

  public static Leaderboard of(List<FinishedRun> runs) {
    Map<LeaderboardRow.Contest, List<LeaderboardRow>> groups = new LinkedHashMap<>();
    for (FinishedRun run : runs) {
      for (TaskResult result : run.result().results()) {
        LeaderboardRow row = LeaderboardRow.of(run, result);
        groups.computeIfAbsent(row.contest(), key -> new ArrayList<>()).add(row);
      }
    }
    List<LeaderboardRow> rows = new ArrayList<>();
    groups.values().forEach(group -> rows.addAll(markBest(group)));
    return new Leaderboard(runs, rows);
  }

  List<FinishedRun> runs() {
    return runs;
  }

  List<LeaderboardRow> rows() {
    return rows;
  }

  /** Only complete rows compete: what is missing could be the hardest samples. */
  private static List<LeaderboardRow> markBest(List<LeaderboardRow> group) {
    OptionalDouble best =
        group.stream()
            .filter(Leaderboard::competes)
            .mapToDouble(row -> row.headline().orElseThrow().value())
            .boxed()
            .min(order(group))
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty());
    if (best.isEmpty() || group.stream().filter(Leaderboard::competes).count() < 2) {
      return group;
    }
    return group.stream()
        .map(
            row ->
                competes(row) && row.headline().orElseThrow().value() == best.getAsDouble()
                    ? row.markedBest()
                    : row)
        .toList();
  }

  private static boolean competes(LeaderboardRow row) {
    return row.headline().isPresent() && row.result().complete();
  }

  /** Better values first. */
  private static Comparator<Double> order(List<LeaderboardRow> group) {
    boolean higher =
        group.stream()
            .flatMap(row -> row.headline().stream())
            .map(MetricResult::better)
            .anyMatch(better -> better == MetricRule.Better.HIGHER);
    return higher ? Comparator.reverseOrder() : Comparator.naturalOrder();
  }
}
