package org.ssasuite.leaderboards.export;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.OnnxExport;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa export}: this model, for ONNX Runtime in Python, C++, C#, … */
@Command(
    name = "export",
    header = "Writes a model as an ONNX file with the operators that it needs.",
    description = {
      "model.onnx, its weights in fp32, the operators' library for this machine, and example.py.",
      "The graph scores whole sequences in any mode; it has no cache."
    },
    footer = {
      "",
      "Examples:",
      "  ssa export --model ssa-mini --out /tmp/ssa-mini",
      "  ssa export --model my-llama --rope llama3:4 --positions 32768 --out my-llama-32k",
    })
public final class ExportCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model folder, GGUF file or embedded model.")
  private String model;

  @Option(
      names = "--rope",
      paramLabel = "R",
      description =
          "Rope scaling, as default, linear:2, llama3:4 or yarn:4, instead of the config's.")
  private String rope;

  @Option(
      names = "--positions",
      paramLabel = "N",
      description = "The longest sequence, tokens; without it the length of training.")
  private Integer positions;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the new files.")
  private Path out;

  public ExportCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    Checkpoint checkpoint = Checkpoint.open(new ModelShelf(home).find(model));
    ModelConfig config = checkpoint.config();
    RopeScaling scaling =
        rope == null ? config.ropeScaling() : RopeScaling.parse(rope, config.trainedTokens());
    int rows = positions == null ? config.trainedTokens() : positions;
    OnnxExport.write(checkpoint, scaling, rows, out);
    console.out().println(out);
    console.requireWritten();
    return ExitStatus.DONE.code();
  }
}
