package org.ssasuite.leaderboards.generate;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.text.TextFlags;
import org.ssasuite.leaderboards.text.TextOnModel;
import org.ssasuite.runtime.GeneratedTokens;
import org.ssasuite.runtime.SsaModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa generate}: what does the model write behind this text? */
@Command(
    name = "generate",
    header = "Continues a text with the most probable token, one after the other.",
    description = {
      "One JSON object: ids, all that were written; text, without end token and stop string.",
      "Ends after --max-tokens, at the model's end token or at a stop string."
    },
    footer = {
      "",
      "Examples:",
      "  ssa generate --model ssa-mini --mode full --text prompt.txt --max-tokens 64",
      "  ssa generate --model ssa-mini --mode sparse:16x8 --text prompt.txt --max-tokens 64 --stop .",
      "  ssa generate --model my-llama --mode full --ids ids.txt --max-tokens 8 --out next.json",
    })
public final class GenerateCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Mixin private TextFlags flags;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      required = true,
      description = "The most tokens to write.")
  private int maxTokens;

  @Option(
      names = "--stop",
      paramLabel = "S",
      description = "Ends where this string appears; several by repeating it.")
  private List<String> stops = List.of();

  public GenerateCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    if (maxTokens < 1) {
      throw new BadInputException("--max-tokens", "must be at least 1, not " + maxTokens);
    }
    if (stops.contains("")) {
      throw new BadInputException("--stop", "is empty");
    }
    TextOnModel prompt = flags.read(home);
    if (!stops.isEmpty() && prompt.checkpoint().tokenizerFile().isEmpty()) {
      throw new BadInputException(
          prompt.checkpoint().folder(),
          prompt.checkpoint().noTokenizer() + ", so --stop cannot be used");
    }
    String line;
    try (SsaModel model = prompt.load()) {
      line = line(model.generate(prompt.ids(model), prompt.mode(), maxTokens, stops));
    }
    flags.write(line, console);
    return ExitStatus.DONE.code();
  }

  private static String line(GeneratedTokens generated) {
    String ids =
        Arrays.stream(generated.ids())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", ", "[", "]"));
    String text = generated.text().map(t -> ", \"text\": " + PythonJson.dumps(t)).orElse("");
    return "{\"ids\": " + ids + text + "}\n";
  }
}
