package org.ssasuite.leaderboards.gate;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Choice;

/**
 * What a gate asks.
 *
 * @param margin the relative increase of perplexity that is put up with, as 0.01
 * @param alpha probability of a false alarm, and of letting a larger increase pass
 * @param power with which the number of documents that is asked for would settle it
 * @param allowed names of facts in which run and baseline may differ
 */
record GateTerms(double margin, double alpha, double power, Set<String> allowed) {
  /** What a difference may be allowed for: anything else makes it another question. */
  static final List<String> ALLOWABLE = List.of("device", "precision");

  private static final Pattern SHARE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(%?)");

  GateTerms {
    if (!(margin >= 0) || !Double.isFinite(margin)) {
      throw new BadInputException("--margin", "must be 0 or more, as 1% or 0.01, not " + margin);
    }
    requireShare("--alpha", alpha);
    requireShare("--power", power);
    allowed = Set.copyOf(allowed);
    for (String name : allowed) {
      Choice.of("--allow", name, ALLOWABLE.toArray(String[]::new), choice -> choice);
    }
    if (alpha >= 0.5) {
      throw new BadInputException("--alpha", "must be below 0.5, not " + alpha);
    }
  }

  private static void requireShare(String option, double value) {
    if (!(value > 0 && value < 1)) {
      throw new BadInputException(option, "must lie between 0 and 1, not be " + value);
    }
  }

  /** {@code 1%} or {@code 0.01}. */
  static double share(String option, String text) {
    Matcher form = SHARE.matcher(text);
    if (!form.matches()) {
      throw new BadInputException(option + " " + text, "is no share as 0.01 or 1%");
    }
    return Double.parseDouble(form.group(1)) / (form.group(2).isEmpty() ? 1 : 100);
  }

  /** The margin as a difference of mean losses, nats. */
  double marginNats() {
    return Math.log1p(margin);
  }
}
