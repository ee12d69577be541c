package org.ssasuite.leaderboards.text;

import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that puts one text through one model. Filled by the command line. */
public final class TextFlags {
  @Option(
      names = "--mode",
      paramLabel = "M",
      required = true,
      description = "Attention mode ('ssa list modes').")
  private String mode;

  @Mixin private TextInput input;

  /**
   * Looks at everything that the command needs, before weights load.
   *
   * @throws BadInputException for whatever is missing, empty or not a text
   */
  public TextOnModel read(Home home) {
    return input.read(home, mode);
  }

  /** Writes a result to where it was asked for. */
  public void write(String result, Console console) {
    input.write(result, console);
  }
}
