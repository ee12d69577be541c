package org.ssasuite.core.report;

import java.util.List;

/** What a module says about results of its tasks beyond a row each. */
public interface Reporter {
  /** Names of the suites whose results it reads. */
  List<String> suites();

  /**
   * Sections on results of these suites.
   *
   * @param results of one or several runs, in the order of the leaderboard; at least one
   */
  List<Section> sections(List<ReportedResult> results);
}
