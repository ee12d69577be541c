package org.ssasuite.core.request;

/** A figure about attention that a model may return beside its answer. */
public enum AttentionStatistic {
  /** The blocks that each query token attended to, per layer and KV head. */
  SELECTED_BLOCKS
}
