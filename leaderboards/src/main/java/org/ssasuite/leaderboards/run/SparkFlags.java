package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.report.budget.BudgetSections;
import org.ssasuite.leaderboards.run.spark.SparkOptions;
import org.ssasuite.leaderboards.run.spark.SparkPlace;
import picocli.CommandLine.Option;

/** Whether a run is shared out on a Spark cluster. Filled by the command line. */
final class SparkFlags {
  @Option(
      names = SparkPlace.OPTION,
      paramLabel = "MASTER",
      description =
          "Share the run out on Spark's executors, as local-cluster[4,2,2048], spark://HOST:7077,"
              + " yarn or k8s://HOST; the results are the same. It needs a build with -Pspark; a"
              + " distribution of your own is the one that SPARK_HOME names: docs/scale.md.")
  private String master;

  @Option(
      names = "--spark-conf",
      paramLabel = "K=V",
      description = "An option of Spark's, as spark.executor.memory=2g; any number of them.")
  private List<String> conf = List.of();

  /** A cluster, and what of Spark it is reached by. */
  record Cluster(SparkOptions options, SparkPlace place) {}

  /**
   * What was asked for; absent: the run is done here.
   *
   * @param shard whether only a share of the run is done
   * @throws BadInputException for options of Spark's that are none, or have no use, and where Spark
   *     is not there
   */
  Optional<Cluster> asked(boolean shard, Home home) {
    if (master == null) {
      if (!conf.isEmpty()) {
        throw new BadInputException("--spark-conf", "goes with " + SparkPlace.OPTION);
      }
      return Optional.empty();
    }
    if (shard) {
      throw new BadInputException(
          SparkPlace.OPTION, "goes without --shard: Spark's executors do all of a run");
    }
    SparkOptions options = SparkOptions.of(master, conf);
    return Optional.of(new Cluster(options, SparkPlace.find(home.root(), System.getenv())));
  }

  /**
   * Before anything is computed.
   *
   * @throws BadInputException for what cannot be shared out
   */
  static void requireDivisible(RunPlan plan) {
    if (!plan.isLocal()) {
      throw new BadInputException(
          SparkPlace.OPTION,
          "cannot share out what a server computes; --concurrency asks it several at once");
    }
    if (BudgetSections.PRESETS.contains(plan.spec().preset())) {
      throw new BadInputException(
          SparkPlace.OPTION,
          "cannot share out suite budget, which times all modes of a model side by side");
    }
  }
}
