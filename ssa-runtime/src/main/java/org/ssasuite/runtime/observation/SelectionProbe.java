package org.ssasuite.runtime.observation;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.runtime.graph.ModelGraph;

/**
 * Which blocks each token attended to: per layer [T, H, k] int32, ascending, −1 where there are
 * fewer; k is 0 in a mode that selects nothing. The operators choose them anyway, so that nothing
 * more is computed, only read.
 */
record SelectionProbe() implements Probe {
  @Override
  public Map<String, OnnxTensor> inputs(List<Optional<Watch>> sequences) {
    return Map.of();
  }

  @Override
  public Set<String> outputs(int layers) {
    Set<String> names = new LinkedHashSet<>();
    IntStream.range(0, layers).forEach(layer -> names.add(ModelGraph.selected(layer)));
    return names;
  }

  /** Block numbers in a row of a part, per token and KV head. */
  static int width(RunPart part) {
    return (int) part.outputs().shape(ModelGraph.selected(0))[2];
  }

  /** A layer's blocks of all tokens of the run, [T, H, k]. */
  static int[] blocks(RunPart part, int layer) {
    return part.outputs().ints(ModelGraph.selected(layer));
  }
}
