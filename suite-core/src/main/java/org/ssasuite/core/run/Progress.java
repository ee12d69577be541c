package org.ssasuite.core.run;

/** Told how far a piece of work has come. Pieces follow one another, never inside each other. */
public interface Progress {
  /**
   * A piece of work begins.
   *
   * @param units its size, in the units of {@link #advance}
   */
  void begin(String label, long units);

  /** So many units more are done. */
  void advance(long units);

  /** The piece is over, done or failed. */
  void end();

  /** Tells nobody. */
  static Progress silent() {
    return new Progress() {
      @Override
      public void begin(String label, long units) {}

      @Override
      public void advance(long units) {}

      @Override
      public void end() {}
    };
  }
}
