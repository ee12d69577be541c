package org.ssasuite.runtime.observation;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.runtime.engine.Device;

/** The list of what this runtime observes. */
public final class Watchers {
  private static final Set<Device> EVERYWHERE = EnumSet.allOf(Device.class);

  private static final List<Watcher<?, ?, ?>> ALL =
      List.of(
          new Watcher<>(BlockObservation.class, EVERYWHERE, BlockWatch::of, BlockWatch::observed),
          new Watcher<>(SpanObservation.class, EVERYWHERE, SpanWatch::of, SpanWatch::observed),
          new Watcher<>(
              SpanMassObservation.class,
              Set.of(Device.CPU),
              SpanMassWatch::of,
              SpanMassWatch::observed),
          new Watcher<>(
              StatisticsObservation.class,
              EVERYWHERE,
              StatisticsWatch::of,
              StatisticsWatch::observed));

  private Watchers() {}

  /** Whether an observation can be made there. */
  public static boolean observes(Observation<?> asked, Device device) {
    return of(asked, device).isPresent();
  }

  static Optional<Watcher<?, ?, ?>> of(Observation<?> asked, Device device) {
    return ALL.stream()
        .filter(each -> each.asked().isInstance(asked) && each.devices().contains(device))
        .findFirst();
  }
}
