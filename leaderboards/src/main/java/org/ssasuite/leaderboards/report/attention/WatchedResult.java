package org.ssasuite.leaderboards.report.attention;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.run.AttentionResult;
import org.ssasuite.core.run.attention.WatchedRow;
import org.ssasuite.core.statistics.Interval;

/**
 * A result whose attention was watched.
 *
 * @param runNumber of its run in the report, from 1
 * @param ofPrompt whether the queries are those before the ones that answer
 * @param row what its logs hold
 */
public record WatchedResult(
    ReportedResult reported, int runNumber, boolean ofPrompt, WatchedRow row) {
  public WatchedResult {
    Objects.requireNonNull(reported);
    Objects.requireNonNull(row);
  }

  String model() {
    return reported.model();
  }

  String mode() {
    return reported.mode();
  }

  String task() {
    return reported.result().task().name();
  }

  AttentionResult attention() {
    return reported.result().attention().orElseThrow();
  }

  Source source() {
    return reported.source();
  }

  /** In pictures. */
  String name(boolean severalRuns) {
    String own = model() + " " + mode() + " " + task();
    return severalRuns ? own + " run " + runNumber : own;
  }

  /** What statistics must share to be of the same queries. */
  List<Object> contest() {
    return List.of(
        reported.result().task(),
        reported.result().protocol(),
        reported.result().dataDigest(),
        ofPrompt);
  }

  /** An interval whose ends say something. */
  static Optional<Interval> shown(Interval interval) {
    return Optional.of(interval).filter(i -> i.method() != Interval.Method.NONE);
  }

  /** What an interval has to be read with. */
  static List<Mark> marks(Interval interval) {
    return switch (interval.method()) {
      case BOOTSTRAP, WILSON, COMBINED -> List.of();
      case STUDENT_T, NONE -> List.of(Mark.FEW_DOCUMENTS);
    };
  }
}
