package org.ssasuite.leaderboards.logprobs;

import java.math.BigDecimal;
import java.math.MathContext;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.TokenLogProbs;

/** The output: one JSON object a line, for each token but the first. */
final class LogProbLines {
  /** One digit more than a float needs to be read back as itself. */
  private static final MathContext DIGITS = new MathContext(10);

  private static final int LINE_CHARACTERS = 80;

  private LogProbLines() {}

  /**
   * All lines, each ended by a line feed.
   *
   * @param model for the message
   * @throws BadInputException if the model gives something that is no number
   */
  static String of(String model, int[] ids, TokenLogProbs rated) {
    StringBuilder lines =
        new StringBuilder((int) Math.min((long) LINE_CHARACTERS * ids.length, 1 << 24));
    for (int i = 1; i < ids.length; i++) {
      float logProbability = rated.logProbability()[i - 1];
      if (!Float.isFinite(logProbability)) {
        throw new BadInputException(
            "model " + model, "the log-probability at position " + i + " is " + logProbability);
      }
      lines
          .append("{\"position\": ")
          .append(i)
          .append(", \"id\": ")
          .append(ids[i])
          .append(", \"logprob\": ")
          .append(new BigDecimal(logProbability).round(DIGITS))
          .append(", \"argmax\": ")
          .append(rated.argmax()[i - 1])
          .append("}\n");
    }
    return lines.toString();
  }
}
