package org.ssasuite.leaderboards.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.ChunkFlag;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.EngineFlags;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import org.ssasuite.runtime.operator.CudaLimits;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of a command that puts one text through one model, but for the attention mode. Filled
 * by the command line.
 */
public final class TextInput {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model folder, GGUF file or embedded model.")
  private String model;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source;

  @Option(
      names = "--rope",
      paramLabel = "R",
      description =
          "Rope scaling, as default, linear:2, llama3:4 or yarn:4, instead of the config's.")
  private String rope;

  @Option(names = "--out", paramLabel = "F", description = "File instead of standard output.")
  private Path out;

  @Mixin private ChunkFlag chunk;
  @Mixin private EngineFlags engine;

  /** The text. */
  private static final class Source {
    @Option(names = "--text", paramLabel = "F", description = "A text in UTF-8.")
    private Path text;

    @Option(
        names = "--ids",
        paramLabel = "F",
        description = "Token ids in decimal, between white space; no tokenizer is needed.")
    private Path ids;
  }

  /**
   * Looks at everything that the command needs, before weights load.
   *
   * @param mode the attention mode's text form
   * @throws BadInputException for whatever is missing, empty or not a text
   */
  public TextOnModel read(Home home, String mode) {
    return read(home, mode, engine.options(Isa.AUTO));
  }

  /**
   * The same where a side of a comparison brings its own device or number format.
   *
   * @param options one of {@link #sides}
   */
  public TextOnModel read(Home home, String mode, RuntimeOptions options) {
    Scheduling scheduling = chunk.scheduling(true);
    Checkpoint checkpoint = Checkpoint.open(new ModelShelf(home).find(model));
    AttentionMode attention = ModeOfModel.parse(mode, checkpoint);
    CudaLimits.require(options, checkpoint, List.of(attention), scheduling);
    Optional<RopeScaling> scaling = rope(checkpoint);
    Optional<String> text = Optional.ofNullable(source.text).map(f -> DataFile.passage(f).text());
    Optional<int[]> ids =
        Optional.ofNullable(source.ids)
            .map(file -> TokenIds.read(file, checkpoint.config().vocabulary()));
    if (text.isPresent() && checkpoint.tokenizerFile().isEmpty()) {
      throw new BadInputException(
          checkpoint.folder(), checkpoint.noTokenizer() + ", so only --ids can be used");
    }
    text.ifPresent(t -> requireSomething(source.text, t.isEmpty()));
    ids.ifPresent(list -> requireSomething(source.ids, list.length == 0));
    Optional.ofNullable(out).ifPresent(OutputFile::requireWritable);
    OperatorLibrary.find().require();
    return new TextOnModel(checkpoint, attention, options, scaling, scheduling, text, ids);
  }

  /**
   * What the runtime is told of each of two sides.
   *
   * @throws BadInputException as {@link EngineFlags#sides}
   */
  public List<RuntimeOptions> sides(List<String> devices, List<String> precisions) {
    return engine.sides(devices, precisions);
  }

  private static void requireSomething(Path file, boolean empty) {
    if (empty) {
      throw new BadInputException(file, "is empty: there is no token in it");
    }
  }

  /** The scaling that was asked for, from a model's own trained length. */
  public Optional<RopeScaling> rope(Checkpoint checkpoint) {
    return Optional.ofNullable(rope)
        .map(form -> RopeScaling.parse(form, checkpoint.config().trainedTokens()));
  }

  /** Whether the result goes to a file. */
  public boolean writesFile() {
    return out != null;
  }

  /** Writes a result to where it was asked for. */
  public void write(String result, Console console) {
    if (out != null) {
      OutputFile.write(out, result);
    } else {
      console.out().print(result);
      console.requireWritten();
    }
  }
}
