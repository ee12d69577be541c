package org.ssasuite.leaderboards.run.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run is expected to come to.
 *
 * @param tokens that go through the models; generations count as long as they may become
 * @param flop floating-point operations
 * @param cacheBytes keys and values of the largest unit
 * @param units with the seconds that each is expected to take on a device as the one here
 * @param own seconds of the share that is done here; absent: all of it is
 * @param source how the rates are known
 */
public record Estimate(
    long tokens,
    double flop,
    double cacheBytes,
    List<WorkUnit> units,
    OptionalDouble own,
    String source) {
  private static final int[] DEVICES = {2, 8, 64};

  public Estimate {
    units = List.copyOf(units);
  }

  /** Seconds that all of it takes on the device here. */
  public double seconds() {
    return units.stream().mapToDouble(WorkUnit::seconds).sum();
  }

  /** A line for people. */
  public String text() {
    List<String> times = new ArrayList<>();
    for (int devices : DEVICES) {
      if (devices <= units.size()) {
        times.add(
            Amount.time(Sharing.of(units, devices).seconds())
                + " on "
                + devices
                + (times.isEmpty() ? " such devices" : ""));
      }
    }
    Optional<String> others =
        times.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", times));
    return "estimate: "
        + String.format(Locale.ROOT, "%,d tokens, ", tokens)
        + Amount.of(flop)
        + "FLOP, cache up to "
        + Amount.of(cacheBytes)
        + "B; "
        + Amount.time(seconds())
        + (own.isPresent() ? " in all, this shard " + Amount.time(own.getAsDouble()) : "")
        + others.map(some -> ", " + some).orElse("")
        + " ("
        + source
        + ")";
  }
}
