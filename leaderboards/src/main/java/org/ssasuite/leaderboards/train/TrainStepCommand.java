package org.ssasuite.leaderboards.train;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.model.StepLosses;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.parity.SingleStep;
import org.ssasuite.trainer.recipe.KernelChoice;
import org.ssasuite.trainer.recipe.Precision;
import org.ssasuite.trainer.recipe.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa train step}: what are the gradients of these rows? */
@Command(
    name = "step",
    header = "Computes one step's losses and gradients and writes them.",
    description = {
      "Gradients are those of the next-token loss plus 10 times the alignment loss, before clipping.",
      "Without model.safetensors the folder's init.safetensors is read."
    },
    footer = {
      "",
      "Examples:",
      "  ssa train step --model tiny --tokens tokens.bin --rows 2 --variant ssa --stream sparse \\",
      "    --out /tmp/step",
      "  ssa train step --model tiny --tokens tokens.bin --rows 2 --variant full --stream full \\",
      "    --precision fp64 --out /tmp/step"
    })
public final class TrainStepCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private TrainerFlags flags;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Folder with config.json and weights.")
  private Path model;

  @Option(
      names = "--tokens",
      paramLabel = "F",
      required = true,
      description =
          "File of uint16 ids: row r is ids rT to rT + T, with T the config's"
              + " max_position_embeddings.")
  private Path tokens;

  @Option(
      names = "--rows",
      paramLabel = "N",
      required = true,
      description = "How many rows, from the first.")
  private int rows;

  @Option(
      names = "--variant",
      paramLabel = "V",
      required = true,
      description = "full, moba, nsa or ssa.")
  private String variant;

  @Option(
      names = "--stream",
      paramLabel = "S",
      required = true,
      description = "full or sparse; sparse for moba and nsa.")
  private String stream;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for grads.safetensors and losses.json.")
  private Path out;

  public TrainStepCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SingleStep.Request request =
        new SingleStep.Request(
            model,
            tokens,
            rows,
            TrainerFlags.named("--variant", variant, Variant.class),
            TrainerFlags.named("--stream", stream, Stream.class));
    OutputFile.requireFolder(out);
    Engine engine = flags.engine(flags.precision(Precision.FP32));
    StepLosses losses =
        SingleStep.write(
            request, engine, flags.kernels(engine, flags.choice(KernelChoice.DETERMINISTIC)), out);
    console
        .out()
        .printf(
            "loss %.9f, align %.10f, gradient norm %.8f%n",
            losses.nextToken(), losses.alignment(), losses.gradientNorm());
    console.requireWritten();
    return ExitStatus.DONE.code();
  }
}
