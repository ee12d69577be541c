package org.ssasuite.core.request;

import java.util.List;

/**
 * Attention statistics of one answer.
 *
 * @param selectedBlocks one entry per layer, first layer first; empty if not asked for, or if the
 *     mode selects nothing
 * @param spans one entry per stretch that was asked for, in that order; empty if the mode selects
 *     nothing
 */
public record Observations(List<SelectedBlocks> selectedBlocks, List<SpanSelection> spans) {
  public Observations {
    selectedBlocks = List.copyOf(selectedBlocks);
    spans = List.copyOf(spans);
  }

  /** Selected blocks alone. */
  public Observations(List<SelectedBlocks> selectedBlocks) {
    this(selectedBlocks, List.of());
  }
}
