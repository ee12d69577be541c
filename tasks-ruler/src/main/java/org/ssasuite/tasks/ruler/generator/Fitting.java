package org.ssasuite.tasks.ruler.generator;

import org.ssasuite.core.BadInputException;

/**
 * Makes drafts until one fits: a draft that is too long is followed by a smaller one. The
 * references go on for ever where even the smallest is too long; here it is said.
 */
final class Fitting {
  /** Drafts of one size differ by a few tokens: what these do not fit, none will. */
  private static final int MOST_TRIES = 1_000;

  private Fitting() {}

  interface Maker<D> {
    D make(int size) throws Unmakeable;
  }

  interface Length<D> {
    /** Exact up to the length that is to be kept. */
    int of(D draft);
  }

  record Fitted<D>(D draft, int length) {}

  static <D> Fitted<D> fit(int size, int increment, int most, Maker<D> maker, Length<D> length) {
    int used = size;
    int tries = 0;
    String fact;
    do {
      try {
        D draft = maker.make(used);
        int tokens = length.of(draft);
        if (tokens <= most) {
          return new Fitted<>(draft, tokens);
        }
        fact = "the smallest sample has more than " + most + " tokens, its answer included";
      } catch (Unmakeable e) {
        fact = e.getMessage();
      }
      if (used > increment) {
        used -= increment;
      } else {
        tries++;
      }
    } while (tries < MOST_TRIES);
    throw new BadInputException("length " + most, "is too short for this task: " + fact);
  }
}
