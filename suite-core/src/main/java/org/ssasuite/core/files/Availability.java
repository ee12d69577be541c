package org.ssasuite.core.files;

import java.util.Objects;
import org.ssasuite.core.BadInputException;

/**
 * Whether a shared library of ours is there.
 *
 * @param <L> what is known of one that is
 */
public sealed interface Availability<L> permits Availability.Present, Availability.Absent {
  /**
   * The library.
   *
   * @throws BadInputException with cause and remedy if there is none
   */
  L require();

  /** The library is there. */
  record Present<L>(L library) implements Availability<L> {
    public Present {
      Objects.requireNonNull(library);
    }

    @Override
    public L require() {
      return library;
    }
  }

  /**
   * The library is not there, why, and what to do about it.
   *
   * @param name what people call the library
   */
  record Absent<L>(String name, String cause, String remedy) implements Availability<L> {
    public Absent {
      Objects.requireNonNull(name);
      Objects.requireNonNull(cause);
      Objects.requireNonNull(remedy);
    }

    @Override
    public L require() {
      throw new BadInputException(name, cause + "; " + remedy);
    }
  }
}
