package org.ssasuite.core.request;

import java.util.List;

/**
 * Attention statistics of one answer.
 *
 * @param selectedBlocks one entry per layer, first layer first; empty if not asked for, or if the
 *     mode selects nothing
 */
public record Observations(List<SelectedBlocks> selectedBlocks) {
  public Observations {
    selectedBlocks = List.copyOf(selectedBlocks);
  }
}
