package org.ssasuite.runtime.observation;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Observed;
import org.ssasuite.runtime.Device;

/**
 * One kind of observation as this runtime makes it.
 *
 * @param <V> what comes back
 * @param <O> what a request says
 * @param <W> what watches a sequence for it
 */
interface Watcher<V extends Observed, O extends Observation<V>, W extends Watch> {
  /** The requests' kind. */
  Class<O> asked();

  /** Whether it can be made there. */
  boolean on(Device device);

  /** A watch of one more sequence; absent in a mode that has nothing to see. */
  Optional<W> watch(O asked, Scene scene);

  /** What the sequences of an answer give together; absent if there is nothing to tell. */
  Optional<V> observed(List<W> watches);
}
