package org.ssasuite.leaderboards.logprobs;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.ChunkFlag;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.EngineFlags;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.runtime.Isa;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.Scheduling;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa logprobs}: how probable is each token, given those before it? */
@Command(
    name = "logprobs",
    header = "Log-probability of each token of a text, given those before it.",
    description = {
      "A JSON object a line: position, id, logprob (nats), argmax. The first token has no line;",
      "no BOS is put before it."
    },
    footer = {
      "",
      "Examples:",
      "  ssa logprobs --model ssa-mini --mode full --text book.txt",
      "  ssa logprobs --model ssa-mini --mode sparse:16x8 --text book.txt --out book.jsonl",
      "  ssa logprobs --model my-llama --mode full --ids ids.txt --rope llama3:4",
    })
public final class LogProbsCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model folder or embedded model.")
  private String model;

  @Option(
      names = "--mode",
      paramLabel = "M",
      required = true,
      description = "Attention mode ('ssa list modes').")
  private String mode;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source;

  @Option(
      names = "--rope",
      paramLabel = "R",
      description = "Rope scaling, as default or llama3:4, instead of what the config states.")
  private String rope;

  @Option(names = "--out", paramLabel = "F", description = "File instead of standard output.")
  private Path out;

  @Mixin private ChunkFlag chunk;
  @Mixin private EngineFlags engine;

  /** What to rate. */
  private static final class Source {
    @Option(names = "--text", paramLabel = "F", description = "A text in UTF-8.")
    private Path text;

    @Option(
        names = "--ids",
        paramLabel = "F",
        description = "Token ids in decimal, between white space; no tokenizer is needed.")
    private Path ids;
  }

  public LogProbsCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    RuntimeOptions options = engine.options(Isa.AUTO);
    Scheduling scheduling = chunk.scheduling(true);
    Checkpoint checkpoint = Checkpoint.open(new ModelShelf(home).find(model));
    AttentionMode attention = ModeOfModel.parse(mode, checkpoint);
    Optional<RopeScaling> scaling =
        Optional.ofNullable(rope)
            .map(form -> RopeScaling.parse(form, checkpoint.config().trainedTokens()));
    Optional<String> text = Optional.ofNullable(source.text).map(f -> DataFile.of(f).text());
    Optional<int[]> given =
        Optional.ofNullable(source.ids)
            .map(file -> TokenIds.read(file, checkpoint.config().vocabulary()));
    if (text.isPresent() && checkpoint.tokenizerFile().isEmpty()) {
      throw new BadInputException(
          checkpoint.folder(), "has no tokenizer.json, so only --ids can be used");
    }
    text.ifPresent(t -> requireSomething(source.text, t.isEmpty()));
    given.ifPresent(ids -> requireSomething(source.ids, ids.length == 0));
    Optional.ofNullable(out).ifPresent(OutputFile::requireWritable);
    OperatorLibrary.find().require();

    String lines;
    try (SsaModel loaded = SsaModel.load(checkpoint, options, scaling, scheduling)) {
      int[] ids = given.orElseGet(() -> loaded.tokenize(text.orElseThrow()));
      lines = LogProbLines.of(checkpoint.name(), ids, loaded.logProbabilities(ids, attention));
    }
    if (out != null) {
      OutputFile.write(out, lines);
    } else {
      console.out().print(lines);
      console.requireWritten();
    }
    return ExitStatus.DONE.code();
  }

  private static void requireSomething(Path file, boolean empty) {
    if (empty) {
      throw new BadInputException(file, "is empty: there is no token to rate");
    }
  }
}
