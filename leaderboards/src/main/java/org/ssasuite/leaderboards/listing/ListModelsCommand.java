package org.ssasuite.leaderboards.listing;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa list models}: the models that come with the suite. */
@Command(
    name = "models",
    header = "Embedded models with their parameters, modes and training length.",
    footer = {
      "",
      "Examples:",
      "  ssa list models",
      "  ssa list models --json",
    })
public final class ListModelsCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public ListModelsCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    ModelShelf shelf = new ModelShelf(home);
    Listing listing = new Listing("models", "parameters", "trained_tokens");
    for (String name : ModelShelf.embedded()) {
      Checkpoint checkpoint = Checkpoint.open(shelf.find(name));
      listing.row(
          "name", checkpoint.name(),
          "parameters", String.format(Locale.ROOT, "%,d", checkpoint.parameters()),
          "trained_tokens", String.format(Locale.ROOT, "%,d", checkpoint.config().trainedTokens()),
          "modes",
              checkpoint.modes().stream().map(AttentionMode::text).collect(Collectors.joining(" ")),
          "default_mode", checkpoint.defaultMode().text(),
          "folder", checkpoint.folder().toString());
    }
    listing.print(console, json);
    return ExitStatus.DONE.code();
  }
}
