package org.ssasuite.leaderboards.run;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.leaderboards.run.work.DeviceProbe;
import org.ssasuite.leaderboards.run.work.Estimate;
import org.ssasuite.leaderboards.run.work.ModelSize;
import org.ssasuite.leaderboards.run.work.Rates;
import org.ssasuite.leaderboards.run.work.Reading;
import org.ssasuite.leaderboards.run.work.UnitLoad;
import org.ssasuite.leaderboards.run.work.WorkUnit;
import org.ssasuite.leaderboards.run.work.Writing;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;

/** What a plan is expected to take on the device here. */
final class RunEstimate {
  /** By nominal rates: what ends sooner is not kept waiting for a measurement. */
  private static final double SHORT_SECONDS = 20;

  private static final String NOMINAL =
      "by another device's rates and four letters a token: a run this short is not measured for";

  private RunEstimate() {}

  /** Of all of a plan. A short one is not kept waiting for a measurement. */
  static Estimate of(RunPlan plan) {
    Estimate rough =
        of(PlannedUnits.rough(plan), nominal(plan.engine().options()), Optional.empty(), NOMINAL);
    return rough.seconds() < SHORT_SECONDS
        ? rough
        : of(plan, PlannedUnits.of(plan), Optional.empty());
  }

  /** A processor's threads share its work; a GPU does it alone. */
  private static Rates nominal(RuntimeOptions options) {
    Rates rates = Rates.nominal(options.device());
    return options.device() == Device.CPU ? rates.onThreads(options.threads()) : rates;
  }

  /**
   * Measures how fast the device is, at the shape of the plan's largest model.
   *
   * @param own the share that is done here
   */
  static Estimate of(RunPlan plan, PlannedUnits units, Optional<Shard> own) {
    PlannedModel largest =
        plan.models().stream()
            .max(Comparator.comparingLong(model -> model.checkpoint().parameters()))
            .orElseThrow();
    DeviceProbe probe = DeviceProbe.measure(plan.engine().options(), largest.checkpoint().config());
    Rates rates = Rates.nominal(plan.device()).measured(probe.products(), probe.attention());
    return of(units, rates, own, probe.text());
  }

  /** The same by rates that are known. */
  static Estimate of(PlannedUnits planned, Rates rates, Optional<Shard> own, String source) {
    long tokens = 0;
    double flop = 0;
    double cache = 0;
    for (PlannedUnits.Row row : planned.rows()) {
      for (UnitLoad load : row.loads()) {
        tokens += load.tokens();
        flop += flop(row, load);
        cache = Math.max(cache, row.model().cacheBytes(load.tokens()));
      }
    }
    List<WorkUnit> units = planned.units(rates);
    return new Estimate(tokens, flop, cache, units, seconds(units, own), source);
  }

  private static double flop(PlannedUnits.Row row, UnitLoad load) {
    ModelSize model = row.model();
    double flop = 0;
    for (Reading reading : load.readings()) {
      flop += model.flop(reading, row.mode()).all();
    }
    for (Reading reading : load.compared()) {
      flop += model.flop(reading, row.mode()).all();
      flop += model.flop(reading, row.reference()).all();
    }
    for (Writing writing : load.writings()) {
      flop += model.flop(writing, row.mode()).all();
    }
    return flop;
  }

  private static OptionalDouble seconds(List<WorkUnit> units, Optional<Shard> own) {
    if (own.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<? extends Set<?>> mine = own.get().units().stream().map(HashSet::new).toList();
    Stream<WorkUnit> done =
        units.stream().filter(unit -> mine.get(unit.row()).contains(unit.samples()));
    return OptionalDouble.of(done.mapToDouble(WorkUnit::seconds).sum());
  }
}
