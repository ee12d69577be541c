package org.ssasuite.runtime;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.request.SelectedBlocks;

/**
 * What a {@link Pass} gave.
 *
 * @param selected one entry per layer; empty if not asked for, or if the mode selects nothing
 */
record PassResult(TokenLogProbs rated, List<SelectedBlocks> selected) {
  PassResult {
    Objects.requireNonNull(rated);
    selected = List.copyOf(selected);
  }
}
