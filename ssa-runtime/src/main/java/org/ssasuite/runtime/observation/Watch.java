package org.ssasuite.runtime.observation;

import org.ssasuite.runtime.statistics.QueryRange;

/**
 * Watches one sequence while it goes through the model, in as many runs as that takes. Mutable: it
 * gathers; one owner. Looking changes nothing of what is computed.
 */
public interface Watch {
  /** What it asks of the operators. */
  Probe probe();

  /** Whether it looks at one of these positions. */
  boolean looksAt(QueryRange positions);

  /** Whether its sequence has to go through the model without sharing a stretch with others. */
  boolean alone();

  /** Takes what a run gave, of positions that follow those of the run before. */
  void take(RunPart part);
}
