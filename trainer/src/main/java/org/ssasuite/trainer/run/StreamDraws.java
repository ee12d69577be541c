package org.ssasuite.trainer.run;

import java.util.Optional;
import java.util.function.IntFunction;
import org.ssasuite.runtime.random.RandomStreams;
import org.ssasuite.trainer.model.Method;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.recipe.StreamChoice;
import org.ssasuite.trainer.recipe.TrainSpec;

/**
 * Which stream each layer of each micro-batch runs in. SSA draws: number i of the random stream
 * {@code streams} of the run's seed is full attention if it is below the full ratio; i counts
 * steps, micro-batches or layers. A draw depends on nothing but the seed and its number, so a run
 * that goes on draws what it would have drawn.
 */
record StreamDraws(TrainSpec spec, Method method) {
  /** The stream of each layer, from 0. */
  IntFunction<Stream> of(int step, int microBatch) {
    Optional<TrainSpec.Streams> streams = spec.streams();
    if (streams.isEmpty()) {
      Stream only = method.streams().get(0);
      return layer -> only;
    }
    double ratio = streams.get().fullRatio();
    long batch = (long) step * spec.batch().accumulation() + microBatch;
    long layers = spec.model().numHiddenLayers();
    if (streams.get().choice() == StreamChoice.LAYER) {
      return layer -> drawn(batch * layers + layer, ratio);
    }
    Stream drawn = drawn(streams.get().choice() == StreamChoice.STEP ? step : batch, ratio);
    return layer -> drawn;
  }

  private Stream drawn(long number, double ratio) {
    float unit = new RandomStreams(spec.seed()).named("streams").unit(number);
    return unit < ratio ? Stream.FULL : Stream.SPARSE;
  }

  /** The stream of a whole step as the log has it: {@code mixed} if it has both. */
  String text(int step) {
    Optional<Stream> one = Optional.empty();
    for (int micro = 0; micro < spec.batch().accumulation(); micro++) {
      for (int layer = 0; layer < spec.model().numHiddenLayers(); layer++) {
        Stream stream = of(step, micro).apply(layer);
        if (one.isPresent() && one.get() != stream) {
          return "mixed";
        }
        one = Optional.of(stream);
      }
    }
    return one.map(Stream::text).orElse("mixed");
  }
}
