package org.ssasuite.leaderboards.logprobs;

import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.text.TextFlags;
import org.ssasuite.leaderboards.text.TextOnModel;
import org.ssasuite.runtime.SsaModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private TextFlags flags;

  public LogProbsCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    TextOnModel text = flags.read(home);
    String lines;
    try (SsaModel model = text.load()) {
      int[] ids = text.ids(model);
      lines =
          LogProbLines.of(text.checkpoint().name(), ids, model.logProbabilities(ids, text.mode()));
    }
    flags.write(lines, console);
    return ExitStatus.DONE.code();
  }
}
