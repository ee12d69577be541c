package org.ssasuite.leaderboards.run.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/**
 * Spark's own options: what the user says, and where he says nothing what a run of units needs.
 *
 * @param all by name, the master among them
 */
public record SparkOptions(Map<String, String> all) {
  private static final String MASTER = "spark.master";
  private static final String CORES = "spark.executor.cores";
  private static final String TASK_CORES = "spark.task.cpus";
  private static final String MEMORY = "spark.executor.memory";
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[ *[0-9]+ *, *([0-9]+) *, *([0-9]+) *\\]");
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[ *([0-9]+|\\*).*)?");

  public SparkOptions {
    all = new TreeMap<>(all);
  }

  /**
   * What executors have to have.
   *
   * @param threads of the program on an executor
   * @param gpu whether it computes on one
   * @param bytes that it takes
   */
  public record Need(int threads, boolean gpu, long bytes) {}

  /**
   * What the user says.
   *
   * @param given as {@code name=value}
   * @throws BadInputException for anything else
   */
  public static SparkOptions of(String master, List<String> given) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String each : given) {
      int at = each.indexOf('=');
      if (at < 1 || !each.startsWith("spark.")) {
        throw new BadInputException(
            "--spark-conf", "must be as spark.executor.memory=2g, not " + each);
      }
      all.put(each.substring(0, at), each.substring(at + 1));
    }
    all.put(MASTER, master);
    return new SparkOptions(all);
  }

  public String master() {
    return all.get(MASTER);
  }

  /** Whether all of Spark is on this machine. */
  boolean isLocal() {
    return master().startsWith("local");
  }

  /**
   * With what a run of units needs, where the user says nothing: one unit at a time on an executor
   * or on each of its GPUs, answers of any size, another try on an idle executor for what takes
   * unusually long.
   */
  public SparkOptions completed(Need need) {
    Map<String, String> more = new TreeMap<>(all);
    more.putIfAbsent("spark.app.name", "ssa run");
    more.putIfAbsent("spark.ui.enabled", "false");
    more.putIfAbsent("spark.speculation", "true");
    more.putIfAbsent("spark.locality.wait", "0s");
    more.putIfAbsent("spark.driver.maxResultSize", "0");
    more.putIfAbsent("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    Matcher cluster = LOCAL_CLUSTER.matcher(master());
    Matcher local = LOCAL.matcher(master());
    if (cluster.matches()) {
      more.putIfAbsent(CORES, cluster.group(1));
      more.putIfAbsent(MEMORY, cluster.group(2) + "m");
    } else if (local.matches()) {
      String cores = local.group(1);
      more.putIfAbsent(
          TASK_CORES,
          "*".equals(cores)
              ? Integer.toString(Runtime.getRuntime().availableProcessors())
              : cores == null ? "1" : cores);
    } else {
      more.putIfAbsent(CORES, Integer.toString(need.threads()));
      more.putIfAbsent("spark.executor.memoryOverhead", Long.toString(need.bytes() >> 20) + "m");
    }
    if (need.gpu()) {
      more.putIfAbsent("spark.executor.resource.gpu.amount", "1");
      more.putIfAbsent("spark.task.resource.gpu.amount", "1");
    } else if (more.containsKey(CORES)) {
      more.putIfAbsent(TASK_CORES, more.get(CORES));
    }
    return new SparkOptions(more);
  }
}
