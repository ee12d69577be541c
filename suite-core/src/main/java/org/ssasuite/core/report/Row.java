package org.ssasuite.core.report;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A row of a section's table.
 *
 * @param cells one per column
 * @param sources what it was made of
 * @param standing absent where rows are not ranked, or there is none to compare this one with
 */
public record Row(List<Cell> cells, List<Source> sources, Optional<Standing> standing) {
  public Row {
    cells = List.copyOf(cells);
    sources = List.copyOf(sources);
    Objects.requireNonNull(standing);
  }

  /** One that is not ranked. */
  public Row(List<Cell> cells, List<Source> sources) {
    this(cells, sources, Optional.empty());
  }
}
