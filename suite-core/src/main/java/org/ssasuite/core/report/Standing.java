package org.ssasuite.core.report;

/**
 * Where a row stands among those that it can be compared with.
 *
 * @param contest the same number for rows that can be compared
 * @param place 1 is best; rows of the same place are tied
 */
public record Standing(int contest, int place) {
  public Standing {
    if (contest < 1 || place < 1) {
      throw new IllegalArgumentException("place " + place + " of contest " + contest);
    }
  }

  /** Nothing that it can be compared with is better. */
  public boolean best() {
    return place == 1;
  }
}
