package org.ssasuite.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.Engine;

/**
 * A batch's tensors.
 *
 * @param inputs [T] ids
 * @param positions [T]
 * @param targets [T] ids
 * @param counted [T] 1 where the prediction counts in the loss, else 0, wide
 */
record DeviceBatch(Tensor inputs, Tensor positions, Tensor targets, Tensor counted) {
  static DeviceBatch of(PackedBatch batch, Engine engine) {
    float[] counted = new float[batch.rated().length];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = batch.rated()[i] ? 1 : 0;
    }
    return new DeviceBatch(
        engine.indices(batch.inputs()),
        engine.indices(batch.positions()),
        engine.indices(batch.targets()),
        engine.numbers(counted, counted.length));
  }
}
