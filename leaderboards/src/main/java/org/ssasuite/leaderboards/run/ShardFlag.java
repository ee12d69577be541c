package org.ssasuite.leaderboards.run;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.report.budget.BudgetSections;
import picocli.CommandLine.Option;

/** Which share of a run is done here. Filled by the command line. */
final class ShardFlag {
  private static final String NAME = "--shard";
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})/([1-9][0-9]{0,5})");

  @Option(
      names = NAME,
      paramLabel = "I/N",
      description =
          "Do the I-th of N shares of the run, as another process or machine does the others;"
              + " 'ssa merge' makes the run of them. The same command but for this and --out.")
  private String shard;

  /** One of several shares, from 1. */
  record Choice(int number, int of) {}

  /**
   * What was asked for; absent: all of the run.
   *
   * @throws BadInputException for what is no share
   */
  Optional<Choice> asked() {
    if (shard == null) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(shard);
    if (form.matches()) {
      int number = Integer.parseInt(form.group(1));
      int of = Integer.parseInt(form.group(2));
      if (number <= of) {
        return Optional.of(new Choice(number, of));
      }
    }
    throw new BadInputException(NAME, "must be as 1/4, 2/4 to 4/4, not " + shard);
  }

  /**
   * Before anything is computed.
   *
   * @param json whether results are to be printed
   * @param judged whether they are to be held against margins
   * @throws BadInputException for what only a whole run has
   */
  static void requireDivisible(RunPlan plan, boolean json, boolean judged) {
    RunSpec spec = plan.spec();
    if (!plan.isLocal()) {
      throw new BadInputException(
          NAME, "cannot share out what a server computes; --concurrency asks it several at once");
    }
    if (BudgetSections.PRESETS.contains(spec.preset())) {
      throw new BadInputException(
          NAME, "cannot share out suite budget, which times all modes of a model side by side");
    }
    if (json) {
      throw new BadInputException(NAME, "goes without --json: a shard has no results");
    }
    if (judged) {
      throw new BadInputException(
          NAME,
          "goes without margins: a shard has no results. The same command with them, without "
              + NAME
              + " and with --out and the folder that 'ssa merge' made holds the run against them");
    }
  }
}
