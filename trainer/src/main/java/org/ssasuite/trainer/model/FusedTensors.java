package org.ssasuite.trainer.model;

import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.trainer.engine.Engine;

/** Makes tensors of a batch's tokens, whose elements are not set. */
record FusedTensors(Engine engine, long tokens) {
  /** [T, shape] in the narrow format. */
  Tensor narrow(long... shape) {
    return engine.unset(engine.narrow(), withTokens(shape));
  }

  /** [T, shape] in the wide format. */
  Tensor wide(long... shape) {
    return engine.unset(engine.wide(), withTokens(shape));
  }

  private long[] withTokens(long... shape) {
    return LongStream.concat(LongStream.of(tokens), LongStream.of(shape)).toArray();
  }
}
