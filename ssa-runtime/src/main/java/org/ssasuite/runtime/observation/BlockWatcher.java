package org.ssasuite.runtime.observation;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.runtime.Device;

/** Selected blocks of ratings: pass after pass. */
final class BlockWatcher implements Watcher<BlockObservation.Layers, BlockObservation, BlockWatch> {
  @Override
  public Class<BlockObservation> asked() {
    return BlockObservation.class;
  }

  @Override
  public boolean on(Device device) {
    return true;
  }

  @Override
  public Optional<BlockWatch> watch(BlockObservation asked, Scene scene) {
    if (scene.writing()) {
      throw new BadInputException("generation", "selected blocks are observed in ratings only");
    }
    return Optional.of(new BlockWatch(scene.config()));
  }

  @Override
  public Optional<BlockObservation.Layers> observed(List<BlockWatch> watches) {
    return Optional.of(
        new BlockObservation.Layers(
            watches.stream().flatMap(watch -> watch.layers().stream()).toList()));
  }
}
