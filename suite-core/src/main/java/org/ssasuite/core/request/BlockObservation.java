package org.ssasuite.core.request;

import java.util.List;

/** Which blocks each query token of a rating attended to, per layer and KV head. */
public record BlockObservation() implements Observation<BlockObservation.Layers> {
  /**
   * What comes back.
   *
   * @param layers first layer first; of an answer in several passes, pass after pass; empty if the
   *     mode selects nothing
   */
  public record Layers(List<SelectedBlocks> layers) implements Observed {
    public Layers {
      layers = List.copyOf(layers);
    }
  }

  @Override
  public String name() {
    return "selected_blocks";
  }

  @Override
  public List<List<Integer>> arguments() {
    return List.of();
  }

  @Override
  public Class<Layers> observed() {
    return Layers.class;
  }

  @Override
  public boolean optional() {
    return false;
  }
}
