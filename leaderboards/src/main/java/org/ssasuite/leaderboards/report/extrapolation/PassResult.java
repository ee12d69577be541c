package org.ssasuite.leaderboards.report.extrapolation;

import java.util.Objects;
import org.ssasuite.core.report.ReportedResult;

/**
 * A result of one long pass over documents.
 *
 * @param runNumber of its run in the report, from 1
 */
public record PassResult(ReportedResult reported, int runNumber) {
  public PassResult {
    Objects.requireNonNull(reported);
  }
}
