package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.divergence.DivergenceMargins;
import org.ssasuite.tasks.pg19.Pg19Tasks;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What suite conformance takes. Filled by the command line. */
final class ConformanceFlags {
  @Option(
      names = "--reference",
      paramLabel = "MODE",
      description =
          "The mode that suite conformance holds the others against, A in its figures."
              + " Default: full.")
  private String reference;

  @Mixin private DivergenceMargins margins;

  /**
   * Before anything is computed.
   *
   * @param ours whether the run has the suite's task
   * @throws BadInputException for what is no margin, or goes with another suite
   */
  void require(boolean ours) {
    margins.require();
    if (!ours && reference != null) {
      throw new BadInputException("--reference " + reference, "goes with --suite conformance");
    }
    if (!ours && !margins.asked().isEmpty()) {
      throw new BadInputException(
          "--max-kl, --min-same-top, --max-loss", "go with --suite conformance");
    }
  }

  /** What an order of the task has of its own, as far as the user says so. */
  Map<String, List<String>> own() {
    return reference == null ? Map.of() : Map.of(Pg19Tasks.REFERENCE, List.of(reference));
  }

  DivergenceMargins margins() {
    return margins;
  }
}
