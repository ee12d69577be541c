package org.ssasuite.leaderboards.fuzz;

import java.util.Locale;

/** How a reader took a file. */
enum Verdict {
  /** Read, and what was read agrees with the file. */
  READ,
  /** Refused in one line that names the file. */
  REFUSED,
  /** Read, but what was read is not what the file holds. */
  WRONG,
  /** Refused, but not in one short line that names the file. */
  UNCLEAR,
  /** Another exception than the one for bad input. */
  ESCAPED,
  /** More memory than the bound. */
  MEMORY,
  /** Not done in time. */
  HANG,
  /** The process died. */
  CRASH;

  /** Whether this is as it should be. */
  boolean well() {
    return this == READ || this == REFUSED;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
