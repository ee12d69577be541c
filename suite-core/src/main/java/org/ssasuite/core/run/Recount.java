package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;

/** A result counted again from its samples, and in what the two differ. */
public final class Recount {
  /** Another Java may round its exponential function the other way. */
  private static final double ROUNDING = 1e-12;

  private Recount() {}

  /**
   * What a result claims and its samples do not say.
   *
   * @param samples all lines of the result's log
   * @param intervals how the result made its intervals
   * @return as {@code samples is 20 in the results, 19 by the log}; empty if all figures agree
   */
  static List<String> differences(
      TaskResult claimed, List<SampleRecord> samples, IntervalRule intervals) {
    return new Comparison(Optional.of(intervals)).of(claimed, samples);
  }

  /** The same but for the intervals, which are what takes the time. */
  static List<String> differencesOfFigures(TaskResult claimed, List<SampleRecord> samples) {
    return new Comparison(Optional.empty()).of(claimed, samples);
  }

  /**
   * The result of samples that no runner asks.
   *
   * @param aggregate the task's
   * @param log what the log of these samples is
   * @param attention where the attention of their answers went
   * @param attribution why some failed
   */
  public static TaskResult result(
      PlannedRow row,
      ModelCard model,
      Aggregate aggregate,
      List<SampleRecord> samples,
      LogSeal log,
      AttentionResult attention,
      AttributionResult attribution) {
    TaskTally tally = new TaskTally(aggregate);
    samples.forEach(tally::add);
    tally.saw(attention);
    tally.attributed(attribution);
    return tally.result(
        model,
        new TaskTally.Claim(row.task(), row.protocol(), row.dataDigest()),
        Optional.of(Work.NONE),
        Optional.of(log),
        0);
  }

  /** Two results of the same samples, one counted, side by side. */
  private record Comparison(Optional<IntervalRule> intervals) {
    List<String> of(TaskResult claimed, List<SampleRecord> samples) {
      List<String> differences = new ArrayList<>(twice(samples));
      if (claimed.metrics().stream().anyMatch(metric -> metric.transform().isEmpty())) {
        differences.add("the results do not state their metrics' transforms; nothing to recount");
        return differences;
      }
      if (byName(claimed).size() < claimed.metrics().size()) {
        differences.add("a metric is in the results twice");
        return differences;
      }
      Optional<Aggregate> aggregate = aggregate(claimed, samples);
      if (aggregate.isEmpty()) {
        // No metric at all: nothing was scored on either side.
        count("samples", claimed.samples(), 0, differences);
        count("unscored", claimed.unscored(), samples.size(), differences);
        return differences;
      }
      TaskTally tally = new TaskTally(aggregate.get(), intervals.orElse(IntervalRule.WITHIN_RANGE));
      samples.forEach(tally::add);
      TaskTally.Claim claim =
          new TaskTally.Claim(claimed.task(), claimed.protocol(), claimed.dataDigest());
      TaskResult counted =
          intervals.isPresent()
              ? tally.result(
                  claimed.model(), claim, claimed.work(), claimed.log(), claimed.seconds())
              : tally.figures(
                  claimed.model(), claim, claimed.work(), claimed.log(), claimed.seconds());
      compare(claimed, counted, differences);
      return differences;
    }

    private void compare(TaskResult claimed, TaskResult counted, List<String> differences) {
      count("samples", claimed.samples(), counted.samples(), differences);
      count("unscored", claimed.unscored(), counted.unscored(), differences);
      count("truncated", claimed.truncated(), counted.truncated(), differences);
      count("cut_tokens", claimed.cutTokens(), counted.cutTokens(), differences);
      count("tokens", claimed.tokens(), counted.tokens(), differences);
      if (!near(claimed.chance(), counted.chance())) {
        differences.add(differ("chance", claimed.chance(), counted.chance()));
      }
      Map<String, MetricResult> claimedMetrics = byName(claimed);
      Map<String, MetricResult> countedMetrics = byName(counted);
      Set<String> names = new LinkedHashSet<>(claimedMetrics.keySet());
      names.addAll(countedMetrics.keySet());
      for (String name : names) {
        MetricResult first = claimedMetrics.get(name);
        MetricResult second = countedMetrics.get(name);
        if (first == null || second == null) {
          differences.add(name + (first == null ? " is not in the results" : " is in no sample"));
        } else {
          compare(name, first, second, differences);
        }
      }
    }

    private void compare(
        String name, MetricResult claimed, MetricResult counted, List<String> differences) {
      Interval first = claimed.interval();
      Interval second = counted.interval();
      if (!near(claimed.value(), counted.value())) {
        differences.add(differ(name, claimed.value(), counted.value()));
      }
      if (intervals.isPresent() && !same(first, second)) {
        differences.add(differ("the interval of " + name, first, second));
      }
      if (intervals.isPresent() && !near(claimed.standardError(), counted.standardError())) {
        differences.add(
            differ(
                "the standard error of " + name, claimed.standardError(), counted.standardError()));
      }
      count("samples of " + name, claimed.samples(), counted.samples(), differences);
      count("documents of " + name, claimed.documents(), counted.documents(), differences);
    }
  }

  private static List<String> twice(List<SampleRecord> samples) {
    List<String> differences = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (SampleRecord sample : samples) {
      if (!ids.add(sample.sample())) {
        differences.add("sample " + sample.sample() + " is in the log twice");
      }
    }
    return differences;
  }

  /** The claimed metrics, headline first, then those that only samples have. */
  private static Optional<Aggregate> aggregate(TaskResult claimed, List<SampleRecord> samples) {
    Map<String, MetricRule> rules = new LinkedHashMap<>();
    for (MetricResult metric : claimed.metrics()) {
      rules.putIfAbsent(
          metric.metric(),
          new MetricRule(metric.metric(), metric.transform().orElseThrow(), metric.better()));
    }
    for (SampleRecord sample : samples) {
      List<Measure> measures =
          sample.score().fold(Scored::measures, unscored -> List.<Measure>of());
      for (Measure measure : measures) {
        rules.putIfAbsent(
            measure.metric(),
            new MetricRule(measure.metric(), Transform.IDENTITY, MetricRule.Better.HIGHER));
      }
    }
    return rules.isEmpty()
        ? Optional.empty()
        : Optional.of(new Aggregate(List.copyOf(rules.values())));
  }

  private static Map<String, MetricResult> byName(TaskResult result) {
    Map<String, MetricResult> metrics = new LinkedHashMap<>();
    for (MetricResult metric : result.metrics()) {
      String slice = metric.facet().map(facet -> " of " + facet).orElse("");
      metrics.put(metric.metric() + slice, metric);
    }
    return metrics;
  }

  private static boolean near(OptionalDouble a, OptionalDouble b) {
    return a.isPresent() == b.isPresent()
        && (a.isEmpty() || near(a.getAsDouble(), b.getAsDouble()));
  }

  /** Whether two intervals are one, up to rounding. */
  static boolean same(Interval first, Interval second) {
    return near(first.low(), second.low())
        && near(first.high(), second.high())
        && first.level() == second.level()
        && first.method() == second.method();
  }

  static boolean near(double a, double b) {
    return a == b || Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
  }

  private static void count(String name, long claimed, long counted, List<String> differences) {
    if (claimed != counted) {
      differences.add(differ(name, claimed, counted));
    }
  }

  private static String differ(String name, Object claimed, Object counted) {
    return name + " is " + claimed + " in the results, " + counted + " by the log";
  }
}
