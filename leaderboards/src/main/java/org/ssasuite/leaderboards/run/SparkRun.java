package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.run.GatheredUnits;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.leaderboards.program.AnotherProcess;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.spark.SparkOptions;
import org.ssasuite.leaderboards.run.spark.SparkOrder;
import org.ssasuite.leaderboards.run.spark.SparkProcess;
import org.ssasuite.leaderboards.run.spark.UnitName;
import org.ssasuite.leaderboards.run.spark.UnitReply;
import org.ssasuite.leaderboards.run.work.Rates;
import org.ssasuite.leaderboards.run.work.WorkUnit;
import org.ssasuite.runtime.engine.Device;

/**
 * Has the units of a run answered on Spark's executors, so that its folder then holds all answers.
 * Mutable, for one run.
 */
final class SparkRun {
  /** Beside weights and cache: Java, and what is computed in between. */
  private static final long OTHER_BYTES = 3L << 30;

  private final RunPlan plan;
  private final PlannedUnits units;
  private final SparkFlags.Cluster cluster;
  private final Home home;
  private final Console console;
  private final long begunNanos;
  private double answering;
  private double planning;
  private int places;

  SparkRun(RunPlan plan, SparkFlags.Cluster cluster, Home home, Console console) {
    this.begunNanos = System.nanoTime();
    this.plan = plan;
    this.units = PlannedUnits.of(plan);
    this.cluster = cluster;
    this.home = home;
    this.console = console;
  }

  /**
   * Answers what a folder does not hold already.
   *
   * @param manifest that the folder's run has begun with
   * @throws org.ssasuite.core.BadInputException if Spark gives up, or an executor has other files
   *     than the driver
   */
  void answer(RunManifest manifest, RunFolder folder) {
    GatheredUnits gathered =
        GatheredUnits.of(
            folder, manifest, units.rows().stream().map(PlannedUnits.Row::units).toList());
    List<UnitName> open =
        inOrder().stream().filter(unit -> gathered.isOpen(unit.row(), unit.samples())).toList();
    if (open.isEmpty()) {
      return;
    }
    SparkOptions options = cluster.options().completed(need());
    SparkOrder order =
        new SparkOrder(
            command(),
            environment(),
            Path.of("").toAbsolutePath().toString(),
            manifest.text(),
            open);
    console.err().println(open.size() + " units to come, on " + options.master());
    double before = seconds();
    RunProgress progress = new RunProgress(console, 1);
    progress.together("units on Spark");
    progress.begin("units", open.size());
    try (SparkProcess spark =
        SparkProcess.start(cluster.place(), options, order, System.getenv())) {
      spark.forEach(reply -> take(reply.answered(), gathered, progress));
    } finally {
      progress.end();
    }
    console
        .err()
        .println(
            String.format(
                Locale.ROOT,
                "%d units by %d programs on executors in %.1f s, Spark's start and end included: %.1f s for"
                    + " answers; planned in %.1f s here and %.1f s there",
                open.size(),
                places,
                seconds() - before,
                answering,
                before,
                planning));
  }

  private double seconds() {
    return (System.nanoTime() - begunNanos) / 1e9;
  }

  private void take(UnitReply.Answered reply, GatheredUnits gathered, RunProgress progress) {
    if (reply.planning() > 0) {
      planning += reply.planning();
      places++;
    }
    answering += reply.unit().parts().stream().mapToDouble(part -> part.seconds()).sum();
    if (gathered.take(reply.unit())) {
      progress.advance(1);
    }
  }

  /**
   * Model by model, so that an executor loads each once; of a model the longest first, so that what
   * is left at the end is short.
   */
  private List<UnitName> inOrder() {
    IdentityHashMap<PlannedModel, Integer> models = new IdentityHashMap<>();
    plan.models().forEach(model -> models.put(model, models.size()));
    Map<Integer, Integer> modelOfRow = new HashMap<>();
    for (int row = 0; row < units.rows().size(); row++) {
      modelOfRow.put(row, models.get(units.rows().get(row).result().model()));
    }
    return units.units(Rates.nominal(plan.device())).stream()
        .sorted(
            Comparator.<WorkUnit>comparingInt(unit -> modelOfRow.get(unit.row()))
                .thenComparing(Comparator.comparingDouble(WorkUnit::seconds).reversed()))
        .map(unit -> new UnitName(unit.row(), unit.samples()))
        .toList();
  }

  private SparkOptions.Need need() {
    double bytes =
        units.rows().stream()
            .mapToDouble(
                row ->
                    row.model().weightBytes()
                        + row.loads().stream()
                            .mapToDouble(load -> row.model().cacheBytes(load.tokens()))
                            .max()
                            .orElse(0))
            .max()
            .orElse(0);
    return new SparkOptions.Need(
        plan.engine().options().threads(),
        plan.device() == Device.CUDA,
        (long) bytes + OTHER_BYTES);
  }

  /** As the launcher starts it. */
  private List<String> command() {
    return AnotherProcess.command(
        List.of(
            "-Xshare:auto",
            "-XX:+UseParallelGC",
            "-XX:MaxRAMPercentage=60",
            "-XX:MaxNewSize=256m",
            "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8",
            "-Dslf4j.internal.verbosity=ERROR",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-Dssa.home=" + home.root().toAbsolutePath(),
            "-Dssa.commit=" + home.commit().orElse("")),
        UnitWorker.class);
  }

  private static Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("ORT_DISABLE_TELEMETRY", "1");
    variables.put(
        "OMP_WAIT_POLICY", Optional.ofNullable(System.getenv("OMP_WAIT_POLICY")).orElse("passive"));
    return variables;
  }
}
