package org.ssasuite.trainer.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.trainer.engine.Engine;

/** What a layer's computation reads beside its input. */
record LayerContext(
    int index, ModelConfig config, Engine engine, Parameters parameters, RotaryAngles angles) {
  boolean gated() {
    return parameters.layout().weights().containsKey(name(Role.GATES));
  }

  /** The Hugging Face name of one of this layer's weights. */
  String name(Role part) {
    return part.of(index);
  }

  /** Puts one of this layer's weights at the end of a graph's leaves, and its name beside it. */
  Tensor take(Role part, List<String> names, List<Tensor> leaves) {
    names.add(name(part));
    Tensor leaf = parameters.leaf(name(part));
    leaves.add(leaf);
    return leaf;
  }
}
