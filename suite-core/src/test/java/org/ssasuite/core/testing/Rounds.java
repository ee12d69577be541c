package org.ssasuite.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A benchmark's sides against each other, turn by turn. JMH makes all repeats of one side before it
 * comes to the next, so that whatever else the machine does meanwhile falls on one of them. Here a
 * round lets JMH measure each side once, in a process of its own, and rounds are repeated: what
 * counts are ratios within a round.
 *
 * @param millis by round, a side's milliseconds: the median over the iterations of its process
 */
public record Rounds(List<Map<String, Double>> millis) {
  /** The benchmark's parameter whose values are the sides. */
  public static final String SIDE = "side";

  public Rounds {
    if (millis.isEmpty()) {
      throw new IllegalArgumentException("no round");
    }
    millis = List.copyOf(millis);
  }

  /**
   * Runs one method of a benchmark.
   *
   * @param method in a class with a parameter {@value #SIDE}; measured in milliseconds
   * @throws IllegalStateException if it cannot be run, or threw
   */
  public static Rounds of(Class<?> benchmark, String method, int rounds) {
    Options options =
        new OptionsBuilder()
            .include("^\\Q" + benchmark.getCanonicalName() + "." + method + "\\E$")
            .forks(1)
            .jvmArgsAppend("-Dssa.root=" + System.getProperty("ssa.root"))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    List<Map<String, Double>> millis = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      millis.add(round(options));
    }
    return new Rounds(millis);
  }

  private static Map<String, Double> round(Options options) {
    Map<String, Double> millis = new TreeMap<>();
    try {
      for (RunResult result : new Runner(options).run()) {
        millis.put(
            result.getParams().getParam(SIDE),
            result.getPrimaryResult().getStatistics().getPercentile(50));
      }
    } catch (RunnerException e) {
      throw new IllegalStateException("a benchmark did not run: " + e.getMessage(), e);
    }
    return millis;
  }

  /** The median of a side's rounds. */
  public double medianMillis(String side) {
    return median(round -> round.get(side));
  }

  /** How many times longer one side takes than the other: the median of the rounds' ratios. */
  public double ratio(String longer, String shorter) {
    return median(round -> round.get(longer) / round.get(shorter));
  }

  /** The median of what is made of each round. */
  public double median(ToDoubleFunction<Map<String, Double>> ofRound) {
    double[] sorted = millis.stream().mapToDouble(ofRound).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** The least and the largest ratio of a round, as people read them. */
  public String spread(String longer, String shorter) {
    double[] sorted =
        millis.stream().mapToDouble(r -> r.get(longer) / r.get(shorter)).sorted().toArray();
    return String.format(Locale.ROOT, "%.2f – %.2f", sorted[0], sorted[sorted.length - 1]);
  }
}
