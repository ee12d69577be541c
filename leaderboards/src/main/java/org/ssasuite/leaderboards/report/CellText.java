package org.ssasuite.leaderboards.report;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.statistics.Interval;

/** A section's cells as people read them: rounded. Foreign text is not made harmless yet. */
public record CellText(Section section) {
  private static final String NOTHING = "–";

  /** A row's cell of a column, without its marks. */
  public String of(Row row, int at) {
    Column column = section.columns().get(at);
    return row.cells()
        .get(at)
        .fold(
            words -> words.text(),
            whole ->
                column.shown() == Shown.LARGE_COUNT
                    ? String.format(Locale.ROOT, "%,d", whole.value())
                    : String.valueOf(whole.value()),
            real -> Rounding.of(real.value(), decimals(real.value(), column, row)),
            () -> NOTHING);
  }

  private int decimals(double value, Column column, Row row) {
    return switch (column.shown()) {
      case WORDS, COUNT, LARGE_COUNT, WHOLE -> 0;
      case TENTHS -> 1;
      case HUNDREDTHS -> 2;
      case FOUR_DIGITS -> Rounding.decimals(value);
      case LIKE_RANKED -> Rounding.decimals(ranked(row).map(Cell.Real::value).orElse(value));
    };
  }

  /** The column by which rows are ranked. */
  public OptionalInt rankedColumn() {
    for (int i = 0; i < section.columns().size(); i++) {
      if (section.columns().get(i).interval().isPresent()) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The figure by which a row is ranked. */
  public Optional<Cell.Real> ranked(Row row) {
    OptionalInt at = rankedColumn();
    return at.isPresent() && row.cells().get(at.getAsInt()) instanceof Cell.Real real
        ? Optional.of(real)
        : Optional.empty();
  }

  /** With the decimals of its figure, and with what that has to be read with. */
  public static String interval(Cell cell) {
    if (!(cell instanceof Cell.Real real) || real.interval().isEmpty()) {
      return NOTHING;
    }
    int decimals = Rounding.decimals(real.value());
    Interval interval = real.interval().get();
    return Rounding.of(interval.low(), decimals)
        + " – "
        + Rounding.of(interval.high(), decimals)
        + signs(cell);
  }

  /** What stands behind a cell. */
  public static String signs(Cell cell) {
    StringBuilder signs = new StringBuilder();
    for (Mark mark : cell.marks()) {
      signs.append(' ').append(mark.sign());
    }
    return signs.toString();
  }
}
