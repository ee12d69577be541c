package org.ssasuite.leaderboards;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;

/** Types commands into the program, in this process. */
public final class Terminal {
  /** The checkout with the embedded models and data. */
  public static final Home HOME =
      new Home(Path.of(System.getProperty("ssa.root")), Optional.of("0123456789ab+dirty"));

  private Terminal() {}

  /** How a command ended and what it said. */
  public record Outcome(int status, String out, String err) {}

  /** Runs one command; paths and numbers are turned into text. */
  public static Outcome type(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), false);
    String[] arguments = Arrays.stream(words).map(String::valueOf).toArray(String[]::new);
    int status = Suite.run(console, HOME, arguments);
    return new Outcome(status, out.toString(), err.toString());
  }
}
