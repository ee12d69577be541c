package org.ssasuite.leaderboards.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/**
 * Which rows of a run are meant.
 *
 * @param model absent: all
 * @param mode absent: all
 */
record RowChoice(Optional<String> model, Optional<String> mode) {
  static final RowChoice ALL = new RowChoice(Optional.empty(), Optional.empty());

  RowChoice {
    Objects.requireNonNull(model);
    Objects.requireNonNull(mode);
  }

  /** {@code MODEL} or {@code MODEL,MODE}; modes have no comma, names may. */
  static RowChoice parse(String text) {
    int comma = text.lastIndexOf(',');
    return comma < 0
        ? new RowChoice(Optional.of(text), Optional.empty())
        : new RowChoice(
            Optional.of(text.substring(0, comma)), Optional.of(text.substring(comma + 1)));
  }

  /**
   * The rows that are meant.
   *
   * @throws BadInputException if there is none
   */
  List<RunRow> of(List<RunRow> rows) {
    List<RunRow> chosen = rows.stream().filter(this::takes).toList();
    if (chosen.isEmpty()) {
      String there =
          String.join(
              ", ", rows.stream().map(row -> row.model() + "," + row.mode()).distinct().toList());
      throw new BadInputException(
          rows.isEmpty() ? "the run" : rows.get(0).folder().toString(),
          "has no row of "
              + model.orElse("any model")
              + mode.map(m -> "," + m).orElse("")
              + "; it has "
              + (there.isEmpty() ? "none" : there));
    }
    return chosen;
  }

  private boolean takes(RunRow row) {
    return model.map(row.model()::equals).orElse(true) && mode.map(row.mode()::equals).orElse(true);
  }
}
