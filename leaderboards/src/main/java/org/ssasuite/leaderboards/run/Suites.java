package org.ssasuite.leaderboards.run;

import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.tasks.pg19.Pg19Tasks;

/** Tasks by the benchmark that they belong to. */
final class Suites {
  static final String PG19 = "pg19";

  private Suites() {}

  /**
   * All tasks of a suite.
   *
   * @throws BadInputException for a name that no suite has
   */
  static List<String> tasks(String suite) {
    if (!suite.equals(PG19)) {
      throw new BadInputException("suite " + suite, "is none of " + PG19);
    }
    return Pg19Tasks.names();
  }
}
