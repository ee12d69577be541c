package org.ssasuite.core.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The average of several tasks' shares, each task counting once however many samples it has.
 *
 * @param value from 0 to 1
 * @param standardError √(Σ of the tasks' squares) / tasks; absent where a task has one document
 * @param interval the joint bootstrap's: in each of 10,000 replicates the documents of each task
 *     are drawn anew, and the shares averaged. Where a task has fewer than 20 documents, or all of
 *     its are alike, drawing says nothing of it: then the tasks' own intervals are combined (Zou
 *     and Donner 2008: each end is as far from the average as the root of the sum of the squares of
 *     the tasks' ends from their shares, over the number of tasks)
 * @param fewestDocuments of any task
 */
public record AverageOfShares(
    double value, OptionalDouble standardError, Interval interval, int fewestDocuments) {
  private static final int BOOTSTRAP_DOCUMENTS = 20;
  private static final int REPLICATES = 10_000;
  private static final int PARTS = 256;

  /** A task's samples. Immutable. */
  public static final class Samples {
    private final Clusters clusters;

    private Samples(Clusters clusters) {
      this.clusters = clusters;
    }

    /**
     * Adds them up by document.
     *
     * @param values shares from 0 to 1
     * @throws IllegalArgumentException as {@link Ratios#estimate}
     */
    public static Samples of(double[] values, double[] weights, List<String> documents) {
      return new Samples(Clusters.of(values, weights, documents));
    }
  }

  /**
   * Averages.
   *
   * @param tasks two or more
   * @throws IllegalArgumentException for fewer
   */
  public static AverageOfShares of(List<Samples> tasks, double level, long seed) {
    if (tasks.size() < 2) {
      throw new IllegalArgumentException("an average of " + tasks.size() + " tasks");
    }
    List<Clusters> all = tasks.stream().map(task -> task.clusters).toList();
    double value = all.stream().mapToDouble(Clusters::ratio).sum() / all.size();
    int fewest = all.stream().mapToInt(Clusters::count).min().orElseThrow();
    OptionalDouble error = OptionalDouble.empty();
    if (fewest > 1) {
      double squares =
          all.stream().mapToDouble(one -> square(one.standardError(one.ratio()))).sum();
      error = OptionalDouble.of(Math.sqrt(squares) / all.size());
    }
    boolean drawn = fewest >= BOOTSTRAP_DOCUMENTS && all.stream().noneMatch(Clusters::agree);
    Interval interval = drawn ? drawn(all, level, seed) : combined(all, level, seed, value);
    return new AverageOfShares(value, error, interval, fewest);
  }

  private static double square(double number) {
    return number * number;
  }

  private static Interval combined(List<Clusters> tasks, double level, long seed, double value) {
    double below = 0;
    double above = 0;
    for (Clusters task : tasks) {
      RatioEstimate estimate = Range.SHARE.of(task, level, seed);
      below += square(estimate.ratio() - Math.max(0, estimate.interval().low()));
      above += square(Math.min(1, estimate.interval().high()) - estimate.ratio());
    }
    return new Interval(
        value - Math.sqrt(below) / tasks.size(),
        value + Math.sqrt(above) / tasks.size(),
        level,
        Interval.Method.COMBINED);
  }

  private static Interval drawn(List<Clusters> tasks, double level, long seed) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    List<Draw> draws = new ArrayList<>();
    tasks.forEach(task -> draws.add(task.countsAlike() ? Counted.of(task) : new Drawn(task)));
    double[] replicates = new double[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      double sum = 0;
      for (Draw draw : draws) {
        sum += draw.share(random);
      }
      replicates[r] = sum / draws.size();
    }
    Arrays.sort(replicates);
    double tail = (1 - level) / 2;
    return new Interval(
        Ratios.quantile(replicates, tail),
        Ratios.quantile(replicates, 1 - tail),
        level,
        Interval.Method.BOOTSTRAP);
  }

  /** A task's share over documents that are drawn anew. */
  private interface Draw {
    double share(UniformRandomProvider random);
  }

  private record Drawn(Clusters task) implements Draw {
    @Override
    public double share(UniformRandomProvider random) {
      double[] pairs = task.pairs();
      double weighted = 0;
      double weight = 0;
      for (int d = 0; d < task.count(); d++) {
        int at = 2 * random.nextInt(task.count());
        weighted += pairs[at];
        weight += pairs[at + 1];
      }
      return weighted / weight;
    }
  }

  /**
   * Documents that are right or wrong and weigh the same: how many right ones are drawn is
   * binomial, so that one number stands for drawing each document.
   */
  private static final class Counted implements Draw {
    /** [documents + 1] the probability of drawing so many or fewer. */
    private final double[] atMost;

    /**
     * Where the search for a number that falls into each of so many equal parts of 0 to 1 begins.
     */
    private final int[] begins = new int[PARTS];

    private Counted(double[] atMost) {
      this.atMost = atMost;
      int right = 0;
      for (int part = 0; part < PARTS; part++) {
        while (right < atMost.length - 1 && atMost[right] <= part / (double) PARTS) {
          right++;
        }
        begins[part] = right;
      }
    }

    static Counted of(Clusters task) {
      int documents = task.count();
      double share = task.ratio();
      double[] atMost = new double[documents + 1];
      double logarithm = documents * Math.log1p(-share);
      double sum = 0;
      for (int right = 0; right <= documents; right++) {
        sum += Math.exp(logarithm);
        atMost[right] = sum;
        logarithm += Math.log((documents - right) / (right + 1.0)) + Math.log(share / (1 - share));
      }
      return new Counted(atMost);
    }

    @Override
    public double share(UniformRandomProvider random) {
      int documents = atMost.length - 1;
      double number = random.nextDouble();
      int right = begins[(int) (number * PARTS)];
      while (right < documents && atMost[right] <= number) {
        right++;
      }
      return right / (double) documents;
    }
  }
}
