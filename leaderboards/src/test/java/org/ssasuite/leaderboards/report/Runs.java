package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.LogSeal;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.MadeUpRun;

/** Builds finished runs. */
final class Runs {
  private final List<TaskResult> results = new ArrayList<>();

  /** What differs between rows in these tests. */
  record Row(
      String model,
      String task,
      String protocol,
      String data,
      double value,
      int documents,
      OptionalDouble chance) {
    static Row of(String model, double value) {
      return new Row(model, "pg19", "book/first-8", "d1", value, 20, OptionalDouble.empty());
    }

    Row onProtocol(String other) {
      return new Row(model, task, other, data, value, documents, chance);
    }

    Row onData(String other) {
      return new Row(model, task, protocol, other, value, documents, chance);
    }

    Row of(int count) {
      return new Row(model, task, protocol, data, value, count, chance);
    }

    Row guessedAt(double level) {
      return new Row(model, task, protocol, data, value, documents, OptionalDouble.of(level));
    }
  }

  Runs add(Row row) {
    return add(row, 0, MetricRule.Better.LOWER);
  }

  Runs add(Row row, int unscored, MetricRule.Better better) {
    Interval interval = interval(row);
    Optional<Facet> slice = Optional.of(new Facet("position", "(0, 8]"));
    results.add(
        new TaskResult(
            new ModelCard(row.model(), "full", OptionalInt.of(8192), Map.of()),
            new TaskId("pg19", row.task(), 1),
            row.protocol(),
            row.data(),
            List.of(
                new MetricResult(
                    "word_perplexity",
                    Optional.empty(),
                    row.value(),
                    interval,
                    row.documents(),
                    row.documents(),
                    better,
                    Optional.of(Transform.EXP)),
                new MetricResult(
                    "token_nats",
                    slice,
                    9.5,
                    interval,
                    row.documents(),
                    row.documents(),
                    better,
                    Optional.of(Transform.IDENTITY)),
                new MetricResult(
                    "token_nats",
                    Optional.empty(),
                    3.5,
                    interval,
                    row.documents(),
                    row.documents(),
                    better,
                    Optional.of(Transform.IDENTITY))),
            row.chance(),
            row.documents(),
            unscored,
            1,
            7,
            1000,
            Optional.of(new Work(5, 600, 400)),
            Optional.of(new LogSeal("0".repeat(64), 100, row.documents() + unscored)),
            4.0,
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  private static Interval interval(Row row) {
    if (row.documents() == 1) {
      return new Interval(
          Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0.95, Interval.Method.NONE);
    }
    Interval.Method method =
        row.documents() < 20 ? Interval.Method.STUDENT_T : Interval.Method.BOOTSTRAP;
    return new Interval(row.value() - 1, row.value() + 1, 0.95, method);
  }

  FinishedRun in(String folder) {
    RunManifest manifest = MadeUpRun.manifest(RunManifest.SCHEMA, List.of(TaskOrder.of("pg19")));
    return new FinishedRun(folder, new RunResult(RunResult.SCHEMA, manifest, results));
  }
}
