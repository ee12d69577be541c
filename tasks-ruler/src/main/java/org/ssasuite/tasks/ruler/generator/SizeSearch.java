package org.ssasuite.tasks.ruler.generator;

import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;

/** How the references find how much text fits a length. Every look draws a new draft. */
final class SizeSearch {
  private SizeSearch() {}

  /** Tokens of a fresh draft of a size, answer included. */
  interface Probe {
    int tokens(int size) throws Unmakeable;
  }

  /** Bisection between two sizes, both included; the increment where nothing fits. */
  static int bisect(int increment, int upper, int length, Probe probe) {
    int low = increment;
    int high = upper;
    int best = increment;
    while (low <= high) {
      int middle = (low + high) / 2;
      if (look(probe, middle) <= length) {
        best = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return best;
  }

  /**
   * Where the growing ends though the length is not reached.
   *
   * @param size more than this is not to be had
   * @param looksFirst whether a draft above the size is made before the search ends with it
   */
  record Cap(int size, boolean looksFirst) {}

  /**
   * Step by step from a first size on until a draft is too long; then one step back. A draft of
   * exactly the length ends the search too, one step ahead: the sample is then made smaller again.
   */
  static int grow(int first, int increment, int length, Optional<Cap> cap, Probe probe) {
    OptionalInt tokens = OptionalInt.empty();
    int size = first;
    while (tokens.isEmpty() || tokens.getAsInt() < length) {
      int found = look(probe, size);
      tokens = OptionalInt.of(found);
      if (found > length) {
        return size - increment;
      }
      if (cap.isPresent() && cap.get().looksFirst() && size > cap.get().size()) {
        return cap.get().size();
      }
      size += increment;
      if (cap.isPresent() && !cap.get().looksFirst() && size > cap.get().size()) {
        return cap.get().size();
      }
    }
    return size;
  }

  private static int look(Probe probe, int size) {
    try {
      return probe.tokens(size);
    } catch (Unmakeable e) {
      throw new BadInputException(
          "length", "no sample can be made, the reference's search fails: " + e.getMessage(), e);
    }
  }
}
