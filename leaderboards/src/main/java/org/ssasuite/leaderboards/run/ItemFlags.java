package org.ssasuite.leaderboards.run;

import java.util.Optional;
import org.ssasuite.core.run.items.ItemLog;
import picocli.CommandLine.Option;

/** How much of single requests a run's logs keep. */
final class ItemFlags {
  @Option(
      names = "--log-items",
      description =
          "Keep in samples.jsonl each choice's text, log-likelihood, tokens and bytes, each answer"
              + " as written, each rated token's log-probability, and what was expected. Changes no score.")
  private boolean items;

  @Option(
      names = "--log-prompts",
      description = "The same, and the texts of all prompts; report.html then shows their ends.")
  private boolean prompts;

  /** The option that asks for a log. */
  static String option(ItemLog log) {
    return log == ItemLog.PROMPTS ? "log-prompts" : "log-items";
  }

  Optional<ItemLog> asked() {
    if (prompts) {
      return Optional.of(ItemLog.PROMPTS);
    }
    return items ? Optional.of(ItemLog.ANSWERS) : Optional.empty();
  }
}
