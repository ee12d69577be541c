package org.ssasuite.leaderboards.program;

/** How the program ends, for scripts. */
public enum ExitStatus {
  DONE(0),
  /** The check that was asked for says no. */
  CHECK_SAYS_NO(1),
  /** Wrong usage, or a file or folder that cannot be read or written. */
  BAD_INPUT(2),
  /** The check that was asked for cannot tell. */
  CANNOT_TELL(3),
  /** Some samples have no score. */
  INCOMPLETE(4),
  /** A bug of ours. */
  BUG(70);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
