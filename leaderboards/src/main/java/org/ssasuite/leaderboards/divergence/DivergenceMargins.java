package org.ssasuite.leaderboards.divergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ssasuite.core.BadInputException;
import picocli.CommandLine.Option;

/** What a user still calls the same model. Filled by the command line. */
final class DivergenceMargins {
  @Option(
      names = "--max-kl",
      paramLabel = "X",
      description = "Largest mean KL(A, B) that passes, nats.")
  private Double mostKl;

  @Option(
      names = "--min-same-top",
      paramLabel = "X",
      description = "Least share of positions with the same most probable id that passes, 0 to 1.")
  private Double leastSameTop;

  @Option(
      names = "--max-loss",
      paramLabel = "X",
      description = "Largest loss of B less A's that passes, nats per token.")
  private Double mostLoss;

  /**
   * Before anything is computed.
   *
   * @throws BadInputException for what is no margin
   */
  void require() {
    requireIn("--max-kl", mostKl, 0, Double.MAX_VALUE);
    requireIn("--min-same-top", leastSameTop, 0, 1);
    requireIn("--max-loss", mostLoss, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private static void requireIn(String name, Double value, double least, double most) {
    if (value != null && !(value >= least && value <= most)) {
      throw new BadInputException(
          name + " " + value,
          most == 1 ? "is no share from 0 to 1" : "is no number of nats that can be a margin");
    }
  }

  /** One answer. */
  record Answer(String text, boolean yes) {}

  /** A line for each margin that was given. */
  List<Answer> answers(DivergenceSummary all) {
    List<Answer> answers = new ArrayList<>();
    if (mostKl != null) {
      answers.add(atMost("mean KL(A, B)", all.kl(), mostKl));
    }
    if (leastSameTop != null) {
      boolean yes = all.sameTop() >= leastSameTop;
      answers.add(
          new Answer(
              String.format(
                  Locale.ROOT,
                  "same most probable id at %.6f of positions, at least %s asked: %s",
                  all.sameTop(),
                  leastSameTop,
                  word(yes)),
              yes));
    }
    if (mostLoss != null) {
      answers.add(atMost("loss B - A", all.lossDifference(), mostLoss));
    }
    return answers;
  }

  private static Answer atMost(String what, double value, double most) {
    boolean yes = value <= most;
    return new Answer(
        String.format(
            Locale.ROOT, "%s is %.6g nats, at most %s asked: %s", what, value, most, word(yes)),
        yes);
  }

  private static String word(boolean yes) {
    return yes ? "yes" : "no";
  }
}
