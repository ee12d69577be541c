package org.ssasuite.leaderboards.model;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.checkpoint.RoundedCheckpoint;
import org.ssasuite.runtime.engine.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa model round}: a model folder with its weights in another number format. */
@Command(
    name = "round",
    header = "Writes a model folder with its weights in another number format.",
    description = {
      "Each number is rounded to nearest, ties to even; config.json states the format. Tokenizer,",
      "templates and settings are copied; what is of a training run, its optimiser's state, is not."
    },
    footer = {
      "",
      "Examples:",
      "  ssa model round --model runs/ssa/checkpoints/step-00001400 --precision bf16 --out mine",
      "  ssa model round --model my-llama --precision fp16 --out my-llama-fp16"
    })
public final class RoundModelCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model folder with safetensors, or embedded model.")
  private String model;

  @Option(
      names = "--precision",
      paramLabel = "P",
      required = true,
      description = "Format of the weights: fp32, bf16 or fp16.")
  private String precision;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the new model, new or empty.")
  private Path out;

  public RoundModelCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    Precision format = Choice.of("--precision", precision, Precision.values(), Precision::text);
    RoundedCheckpoint.write(new ModelShelf(home).find(model), format, out);
    console.out().println(out);
    console.requireWritten();
    return ExitStatus.DONE.code();
  }
}
