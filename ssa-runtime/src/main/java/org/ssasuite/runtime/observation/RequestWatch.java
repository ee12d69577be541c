package org.ssasuite.runtime.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Observations;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Observed;
import org.ssasuite.runtime.engine.Device;

/** All that one request observes, over the sequences that answer it. Mutable; of one request. */
public final class RequestWatch {
  private final List<Part<?, ?, ?>> parts = new ArrayList<>();

  private RequestWatch() {}

  /**
   * Nothing has gone through the model yet.
   *
   * @throws BadInputException for something that must be observed and cannot be on this device
   */
  public static RequestWatch of(Observe observe, Device device) {
    RequestWatch watch = new RequestWatch();
    for (Observation<?> asked : observe.observations()) {
      Optional<Watcher<?, ?, ?>> watcher = Watchers.of(asked, device);
      if (watcher.isPresent()) {
        watch.parts.add(part(watcher.get(), asked));
      } else if (!asked.optional()) {
        throw new BadInputException(asked.name(), "is not observed on " + device.text());
      }
    }
    return watch;
  }

  private static <V extends Observed, O extends Observation<V>, W extends Watch> Part<V, O, W> part(
      Watcher<V, O, W> watcher, Observation<?> asked) {
    return new Part<>(watcher, watcher.asked().cast(asked));
  }

  /** One observation of the request. */
  private static final class Part<V extends Observed, O extends Observation<V>, W extends Watch> {
    final Watcher<V, O, W> watcher;
    final O asked;
    final List<W> watches = new ArrayList<>();

    Part(Watcher<V, O, W> watcher, O asked) {
      this.watcher = watcher;
      this.asked = asked;
    }

    Optional<W> watch(Scene scene) {
      Optional<W> watch = watcher.watch().apply(asked, scene);
      watch.ifPresent(watches::add);
      return watch;
    }

    Optional<V> observed() {
      return watches.isEmpty() ? Optional.empty() : watcher.observed().apply(watches);
    }
  }

  /** Watches of one more sequence, in the order in which they are to be put together. */
  public List<Watch> watches(Scene scene) {
    List<Watch> watches = new ArrayList<>();
    parts.forEach(part -> part.watch(scene).ifPresent(watches::add));
    return watches;
  }

  /** What has been seen; absent if nothing was asked for. */
  public Optional<Observations> observations() {
    List<Observed> values = new ArrayList<>();
    parts.forEach(part -> part.observed().ifPresent(values::add));
    return parts.isEmpty() ? Optional.empty() : Optional.of(new Observations(values));
  }
}
