package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Standing;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.MetricRule;

/**
 * Results of one or several runs, a row per model, mode and task: comparable rows next to each
 * other, otherwise in the runs' own order. Each comparable group is ranked; rows of different
 * protocols, data or numbers of samples are never compared.
 */
public final class Leaderboard {
  private final List<FinishedRun> runs;
  private final List<LeaderboardRow> rows;
  private final List<Protocol> protocols;

  /** What numbers of a task must share to be compared. */
  public record Protocol(String task, int version, String text, String dataDigest) {
    /** Those of a result. */
    public static Protocol of(TaskResult result) {
      return new Protocol(
          result.task().name(), result.task().version(), result.protocol(), result.dataDigest());
    }
  }

  private Leaderboard(List<FinishedRun> runs, List<LeaderboardRow> rows) {
    this.runs = List.copyOf(runs);
    this.rows = List.copyOf(rows);
    protocols = rows.stream().map(row -> Protocol.of(row.result())).distinct().toList();
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
    int contest = 0;
    for (List<LeaderboardRow> group : groups.values()) {
      rows.addAll(ranked(group, ++contest));
    }
    return new Leaderboard(runs, rows);
  }

  /** Its runs, as they were named. */
  public List<FinishedRun> runs() {
    return runs;
  }

  List<LeaderboardRow> rows() {
    return rows;
  }

  /** Each once, in the rows' order. */
  public List<Protocol> protocols() {
    return protocols;
  }

  /** Its rows as task modules read them. */
  public List<ReportedResult> results() {
    return rows.stream().map(LeaderboardRow::reported).toList();
  }

  /** Only complete rows compete: what is missing could be the hardest samples. */
  private static List<LeaderboardRow> ranked(List<LeaderboardRow> group, int contest) {
    List<LeaderboardRow> competing = group.stream().filter(Leaderboard::competes).toList();
    if (competing.size() < 2) {
      return group;
    }
    BiPredicate<Double, Double> better = better(competing.get(0).headline().orElseThrow());
    return group.stream()
        .map(row -> competes(row) ? row.at(standing(row, competing, better, contest)) : row)
        .toList();
  }

  /** Equal values share a place. */
  private static Standing standing(
      LeaderboardRow row,
      List<LeaderboardRow> competing,
      BiPredicate<Double, Double> better,
      int contest) {
    long ahead = competing.stream().filter(other -> better.test(value(other), value(row))).count();
    return new Standing(contest, (int) ahead + 1);
  }

  private static double value(LeaderboardRow row) {
    return row.headline().orElseThrow().value();
  }

  private static boolean competes(LeaderboardRow row) {
    return row.headline().isPresent() && row.result().complete();
  }

  private static BiPredicate<Double, Double> better(MetricResult headline) {
    return headline.better() == MetricRule.Better.HIGHER ? (a, b) -> a > b : (a, b) -> a < b;
  }
}
