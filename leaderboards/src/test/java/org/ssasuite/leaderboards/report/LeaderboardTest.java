package org.ssasuite.leaderboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.leaderboards.report.Runs.Row;

class LeaderboardTest {
  private static List<String> best(FinishedRun... runs) {
    return Leaderboard.of(List.of(runs)).rows().stream()
        .filter(LeaderboardRow::best)
        .map(row -> row.result().model().name())
        .toList();
  }

  @Test
  void lowestIsBestWhereLowerIsBetter() {
    FinishedRun run = new Runs().add(Row.of("a", 20)).add(Row.of("b", 19)).in("r");

    assertThat(best(run)).containsExactly("b");
  }

  @Test
  void highestIsBestWhereHigherIsBetter() {
    FinishedRun run =
        new Runs()
            .add(Row.of("a", 20), 0, Better.HIGHER)
            .add(Row.of("b", 19), 0, Better.HIGHER)
            .in("r");

    assertThat(best(run)).containsExactly("a");
  }

  @Test
  void equalValuesAreBothBest() {
    FinishedRun run =
        new Runs().add(Row.of("a", 19)).add(Row.of("b", 19)).add(Row.of("c", 20)).in("r");

    assertThat(best(run)).containsExactly("a", "b");
  }

  @Test
  void incompleteRowIsNeverBest() {
    FinishedRun run =
        new Runs()
            .add(Row.of("a", 20).of(21))
            .add(Row.of("b", 19).of(20), 1, Better.LOWER)
            .add(Row.of("c", 21).of(21))
            .in("r");

    assertThat(best(run)).containsExactly("a");
  }

  @Test
  void loneRowIsNotMarked() {
    assertThat(best(new Runs().add(Row.of("a", 20)).in("r"))).isEmpty();
  }

  @Test
  void rowsOfDifferentProtocolsAreNotCompared() {
    FinishedRun run =
        new Runs().add(Row.of("a", 20)).add(Row.of("b", 19).onProtocol("book/first-16")).in("r");

    assertThat(best(run)).isEmpty();
  }

  @Test
  void rowsOfDifferentDataAreNotCompared() {
    FinishedRun run = new Runs().add(Row.of("a", 20)).add(Row.of("b", 19).onData("d2")).in("r");

    assertThat(best(run)).isEmpty();
  }

  @Test
  void rowsOfDifferentNumbersOfSamplesAreNotCompared() {
    FinishedRun run = new Runs().add(Row.of("a", 20)).add(Row.of("b", 19).of(30)).in("r");

    assertThat(best(run)).isEmpty();
  }

  @Test
  void rowsOfSeveralRunsAreCompared() {
    FinishedRun one = new Runs().add(Row.of("a", 20)).in("one");
    FinishedRun two = new Runs().add(Row.of("b", 19)).in("two");

    assertThat(best(one, two)).containsExactly("b");
  }

  @Test
  void comparableRowsStandTogetherInTheRunsOrder() {
    FinishedRun one = new Runs().add(Row.of("a", 20)).add(Row.of("a", 9).onData("d2")).in("one");
    FinishedRun two = new Runs().add(Row.of("b", 19)).add(Row.of("b", 8).onData("d2")).in("two");

    assertThat(Leaderboard.of(List.of(one, two)).rows())
        .extracting(row -> row.result().model().name() + row.result().dataDigest())
        .containsExactly("ad1", "bd1", "ad2", "bd2");
  }
}
