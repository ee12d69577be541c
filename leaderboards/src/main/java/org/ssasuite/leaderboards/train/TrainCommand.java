package org.ssasuite.leaderboards.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.program.ProgramDigest;
import org.ssasuite.leaderboards.program.Version;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.data.TrainingFiles;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.group.Group;
import org.ssasuite.trainer.parity.ParityRun;
import org.ssasuite.trainer.recipe.KernelChoice;
import org.ssasuite.trainer.recipe.Precision;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.RowOrder;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.Variant;
import org.ssasuite.trainer.run.HeldOutLoss;
import org.ssasuite.trainer.run.TrainingObserver;
import org.ssasuite.trainer.run.TrainingOutcome;
import org.ssasuite.trainer.run.TrainingRun;
import org.ssasuite.trainer.run.TrainingSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa train}: trains a model, or runs a schedule beside another implementation's. */
@Command(
    name = "train",
    header = "Trains a model of the SSA family.",
    description = {
      "The folder gets recipe.json, manifest.json, train.csv (a line a step), evaluations.csv and",
      "checkpoints/, each a model folder that 'ssa run --model' takes. The same command on the same",
      "folder goes on behind the newest checkpoint, with the numbers of an undisturbed run. A run",
      "whose loss or gradients are no numbers any more ends with status 4 and a checkpoint of the",
      "state before."
    },
    footer = {
      "",
      "Examples:",
      "  ssa train --recipe ssa-mini --data shards --out runs/ssa --device cuda --peak-tflops 989",
      "  ssa train --recipe mine.json --data tokens.bin --out runs/mine --precision fp32",
      "  ssa train --recipe ssa-mini --data shards --out runs/two --device cuda --gpus 2",
      "  ssa train --parity parity/tiny --variant ssa --out ssa.csv",
    })
public final class TrainCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Mixin private TrainerFlags flags;
  @Mixin private TrainingFlags choices;
  @Mixin private RankFlags ranks;

  @Option(
      names = "--recipe",
      paramLabel = "R",
      description = "A recipe's name or file: model, streams, losses, batches, schedule, seed.")
  private Optional<String> recipe = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "D",
      description =
          "Folder that 'ssa train prepare' made, or a bare file of ids (uint16 if the vocabulary"
              + " fits, else uint32).")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--parity",
      paramLabel = "DIR",
      description =
          "Run the schedule that DIR's config.json states on its tokens.bin, each step in the stream"
              + " that column mode of DIR/V.csv names; writes step,mode,loss,align,lr,gradnorm.")
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

  public TrainCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    Path target = stated("--out", out);
    return parity.isPresent() ? parity(parity.get(), target) : train(target);
  }

  private static <T> T stated(String option, Optional<T> value) {
    return value.orElseThrow(() -> new BadInputException(option, "is missing"));
  }

  private int parity(Path folder, Path file) {
    ParityRun run =
        ParityRun.open(
            folder, TrainerFlags.named("--variant", stated("--variant", variant), Variant.class));
    OutputFile.requireWritable(file);
    Engine engine = flags.engine(flags.precision(Precision.FP32));
    KernelChoice choice = flags.choice(KernelChoice.DETERMINISTIC);
    run.write(engine, flags.kernels(engine, choice), file, console.err()::println);
    return ExitStatus.DONE.code();
  }

  private int train(Path folder) {
    TrainSpec stated = Recipes.recipe(stated("--recipe", recipe));
    TrainSpec spec =
        stated.with(flags.precision(stated.precision())).with(flags.choice(stated.kernels()));
    if (spec.precision() == Precision.FP64) {
      throw new BadInputException("--precision fp64", "is for single steps, not for runs");
    }
    Path tokens = stated("--data", data);
    if (ranks.startsOthers()) {
      return ranks.start(spec.batch().accumulation());
    }
    Engine engine = flags.engine(ranks.device(), spec.precision());
    OutputFile.requireFolder(folder);
    try (Group group = ranks.group(engine, spec.kernels(), console);
        TrainingData rows = TrainingFiles.open(tokens, spec);
        TrainingRun run =
            TrainingRun.open(
                setup(spec, rows, engine, group, folder), heldOut(spec), observer(group, folder))) {
      TrainingOutcome outcome = run.train();
      group.finish();
      return group.writes() ? said(outcome) : code(outcome);
    }
  }

  private TrainingObserver observer(Group group, Path folder) {
    return group.writes()
        ? new TrainingProgress(
            console, home, made(folder.resolve("evaluations")), choices.tasks(), flags.threads())
        : new SilentProgress();
  }

  private static int code(TrainingOutcome outcome) {
    ExitStatus status =
        outcome instanceof TrainingOutcome.Diverged ? ExitStatus.INCOMPLETE : ExitStatus.DONE;
    return status.code();
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }

  private TrainingSetup setup(
      TrainSpec spec, TrainingData rows, Engine engine, Group group, Path folder) {
    return new TrainingSetup(
        spec,
        rows,
        choices.from().map(Checkpoint::openStart),
        choices.tokenizerFiles(),
        engine,
        flags.kernels(engine, spec.kernels()),
        new TrainingSetup.Provenance(
            flags.attention(spec.kernels()),
            Version.text(),
            home.commit(),
            Optional.of(ProgramDigest.current())),
        choices.options(),
        group,
        folder);
  }

  private Optional<HeldOutLoss> heldOut(TrainSpec spec) {
    TrainSpec.Rows rows = spec.rows();
    TrainSpec inOrder =
        spec.with(new TrainSpec.Rows(rows.tokens(), rows.packing(), rows.masking(), RowOrder.FILE));
    return choices
        .heldOut()
        .map(file -> new HeldOutLoss(TrainingFiles.open(file, inOrder), choices.heldBatches()));
  }

  private int said(TrainingOutcome outcome) {
    console.out().println(outcome.checkpoint().folder());
    console.requireWritten();
    if (outcome instanceof TrainingOutcome.Diverged diverged) {
      console
          .err()
          .println(
              "ssa: diverged at step "
                  + diverged.step()
                  + ": "
                  + diverged.fact()
                  + "; the state before is in "
                  + diverged.checkpoint().folder());
    }
    return code(outcome);
  }
}
