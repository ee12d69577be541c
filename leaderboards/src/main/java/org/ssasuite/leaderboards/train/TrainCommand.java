package org.ssasuite.leaderboards.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.parity.ParityRun;
import org.ssasuite.trainer.recipe.Precision;
import org.ssasuite.trainer.recipe.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa train}: trains a model, or runs a schedule beside another implementation's. */
@Command(
    name = "train",
    header = "Trains a model of the SSA family.",
    description = "A run that was interrupted goes on where its last checkpoint is.",
    footer = {
      "",
      "Examples:",
      "  ssa train --parity parity/tiny --variant ssa --out /tmp/ssa.csv",
      "  ssa train step --help"
    })
public final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private TrainerFlags flags;

  @Option(
      names = "--parity",
      paramLabel = "DIR",
      description = {
        "Run the schedule that DIR's config.json states on its tokens.bin, each step in the stream",
        "that column mode of DIR/V.csv names; writes step,mode,loss,align,lr,gradnorm."
      })
  private Optional<Path> parity = Optional.empty();

  @Option(
      names = "--variant",
      paramLabel = "V",
      description = "With --parity: full, moba, nsa, ssa.")
  private Optional<String> variant = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "O",
      description = "The run's folder; with --parity the CSV file.")
  private Optional<Path> out = Optional.empty();

  public TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path target = out.orElseThrow(() -> new BadInputException("--out", "is missing"));
    Path folder = parity.orElseThrow(() -> new BadInputException("--recipe", "is missing"));
    return parity(folder, target);
  }

  private int parity(Path folder, Path file) {
    String name =
        variant.orElseThrow(() -> new BadInputException("--variant", "is missing beside --parity"));
    ParityRun run = ParityRun.open(folder, TrainerFlags.named("--variant", name, Variant.class));
    OutputFile.requireWritable(file);
    Engine engine = flags.engine(flags.precision(Precision.FP32));
    run.write(engine, flags.kernels(engine), file, console.err()::println);
    return ExitStatus.DONE.code();
  }
}
