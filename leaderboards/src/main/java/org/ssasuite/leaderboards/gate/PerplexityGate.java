package org.ssasuite.leaderboards.gate;

import java.nio.file.Path;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.CheckedRun;

/** The gate at its standard terms, without a command line. */
public final class PerplexityGate {
  private static final GateTerms STANDARD = new GateTerms(0.01, 0.01, 0.9, Set.of());

  private PerplexityGate() {}

  /**
   * The text of a baseline file.
   *
   * @throws BadInputException if the run does not hold, or has no perplexity
   */
  public static String baselineOf(Path run) {
    return BaselineFile.text(Gate.baseline(CheckedRun.open(run)));
  }

  /**
   * A baseline file's text as it is written.
   *
   * @throws BadInputException if the file is no baseline
   */
  public static String rewritten(Path baseline) {
    return BaselineFile.text(BaselineFile.read(baseline));
  }

  /**
   * Whether a run passes; not, where that cannot be told.
   *
   * @throws BadInputException if the run or the baseline does not hold, or they do not belong
   *     together
   */
  public static boolean passes(Path baseline, Path run) {
    Gate gate = Gate.of(BaselineFile.read(baseline), baseline, CheckedRun.open(run), STANDARD);
    return gate.outcome() == RowJudgement.Outcome.PASS;
  }
}
