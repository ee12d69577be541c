package org.ssasuite.leaderboards.program;

import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Scheduling;
import picocli.CommandLine.Option;

/** The option of every command that puts texts through a model. Filled by the command line. */
public final class ChunkFlag {
  @Option(
      names = "--chunk",
      paramLabel = "N",
      description =
          "The most tokens of one text that go through the model at once; never changes a result."
              + " Fewer need less memory. Default: 4096, with --device cuda the most.")
  private int chunk = Scheduling.standard().chunkTokens();

  /**
   * What the runtime is told.
   *
   * @param sharing whether what several texts begin with is computed once
   * @throws BadInputException for a chunk of no tokens
   */
  public Scheduling scheduling(boolean sharing) {
    if (chunk < 1) {
      throw new BadInputException("--chunk", "must be at least 1, not " + chunk);
    }
    return new Scheduling(chunk, sharing);
  }
}
