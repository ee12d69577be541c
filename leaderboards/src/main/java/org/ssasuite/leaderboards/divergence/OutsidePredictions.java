package org.ssasuite.leaderboards.divergence;

import java.nio.file.Path;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.LogitRows;
import org.ssasuite.runtime.logits.LogitsFile;

/** What another program predicts, from a file, against what a model of ours does: A is ours. */
final class OutsidePredictions {
  private final Path file;

  OutsidePredictions(Path file) {
    this.file = file;
  }

  /** Whether the file has a few ids of each position, so that KL is known from below only. */
  boolean listed() {
    return !LogitsFile.is(file);
  }

  String name() {
    return file.toString();
  }

  /**
   * Before anything large is read.
   *
   * @throws BadInputException if the file's header is not of so many positions and ids
   */
  void require(int positions, int vocabulary) {
    if (listed()) {
      return;
    }
    try (LogitsFile logits = LogitsFile.open(file)) {
      if (logits.vocabulary() != vocabulary) {
        throw new BadInputException(
            file, "has logits of " + logits.vocabulary() + " ids; the model has " + vocabulary);
      }
      if (logits.rows() != positions && logits.rows() != positions + 1) {
        throw new BadInputException(
            file,
            "has "
                + logits.rows()
                + " rows for "
                + (positions + 1)
                + " tokens: as many, or one less, are needed");
      }
    }
  }

  /**
   * Compares every position.
   *
   * @param ids what the model reads
   * @throws BadInputException if the file is not what it has to be
   */
  void compare(int[] ids, LogitRows.Reading ours, int vocabulary, DivergenceRows rows) {
    float[] a = new float[vocabulary];
    if (listed()) {
      new ListedPredictions(file, vocabulary)
          .forEach(
              ours.size(),
              (position, listed) -> {
                ours.next(a);
                rows.add(name(), RowDivergence.ofList(a, listed, ids[position + 1]));
              });
      return;
    }
    float[] b = new float[vocabulary];
    try (LogitsFile logits = LogitsFile.open(file)) {
      for (int position = 0; position < ours.size(); position++) {
        ours.next(a);
        logits.read(position, b);
        rows.add(name(), RowDivergence.ofLogits(a, b, ids[position + 1]));
      }
    }
  }
}
