package org.ssasuite.runtime.observation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Observed;
import org.ssasuite.runtime.engine.Device;

/**
 * One kind of observation as this runtime makes it.
 *
 * @param <V> what comes back
 * @param <O> what a request says
 * @param <W> what watches a sequence for it
 * @param devices where it can be made
 * @param watch a watch of one more sequence; absent in a mode that has nothing to see
 * @param observed what the sequences of an answer give together, of which there is at least one;
 *     absent if there is nothing to tell
 */
record Watcher<V extends Observed, O extends Observation<V>, W extends Watch>(
    Class<O> asked,
    Set<Device> devices,
    BiFunction<O, Scene, Optional<W>> watch,
    Function<List<W>, Optional<V>> observed) {
  Watcher {
    devices = Set.copyOf(devices);
  }
}
