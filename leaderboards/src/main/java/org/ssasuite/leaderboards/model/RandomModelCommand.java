package org.ssasuite.leaderboards.model;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.runtime.random.RandomCheckpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa model random}: a checkpoint of any shape whose weights are drawn from a seed. */
@Command(
    name = "random",
    header = "Writes a checkpoint with random weights.",
    description = "Same recipe and seed, same bytes: for tests and for speed at any shape.",
    footer = {
      "",
      "Examples:",
      "  ssa model random --recipe ssa-mini --seed 1 --out /tmp/random-mini",
      "  ssa model random --recipe my-config.json --seed 7 --out /tmp/mine"
    })
public final class RandomModelCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--recipe",
      paramLabel = "NAME|FILE",
      required = true,
      description =
          "A config.json, or one that comes with the suite: fullattn-mini, moba-mini, nsa-mini,"
              + " ssa-mini, ssa-300m, ssa-1b.")
  private String recipe;

  @Option(names = "--seed", paramLabel = "S", required = true, description = "Any whole number.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the new checkpoint.")
  private Path out;

  public RandomModelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RandomCheckpoint.write(RandomCheckpoint.recipe(recipe), seed, out);
    console.out().println(out);
    console.requireWritten();
    return ExitStatus.DONE.code();
  }
}
