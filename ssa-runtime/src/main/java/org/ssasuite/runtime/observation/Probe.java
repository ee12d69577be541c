package org.ssasuite.runtime.observation;

import ai.onnxruntime.OnnxTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a kind of observation asks of the operators, of all sequences of a run at once. Equal probes
 * go through the model together; a run has at most one of those with inputs.
 */
public interface Probe {
  /**
   * What the graph gets beside its other inputs.
   *
   * @param sequences one entry per sequence of the run: what watches it by this probe, if anything
   */
  Map<String, OnnxTensor> inputs(List<Optional<Watch>> sequences);

  /** Names of the graph's outputs that it reads. */
  Set<String> outputs(int layers);
}
