package org.ssasuite.leaderboards.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.NearName;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one mapping from what goes wrong to what the user sees: bad input, wrong usage and a machine
 * at its limits are one line, everything else is a bug of ours and shows its stack trace.
 */
public final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Console console;

  public Failures(Console console) {
    this.console = console;
  }

  /** Runs a command and says how it ended; nothing gets past this. */
  public int execute(CommandLine command, String... arguments) {
    try {
      return command
          .setParameterExceptionHandler(this)
          .setExecutionExceptionHandler(this)
          .execute(arguments);
    } catch (RuntimeException | Error e) {
      // What the command line library does not hand to its handlers: errors of the machine as
      // memory that ran out, and faults in our declarations.
      return said(e);
    }
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    console
        .err()
        .println(
            oneLine(command + ": " + failure.getMessage() + meant(failure))
                + " ('"
                + command
                + " --help')");
    return ExitStatus.BAD_INPUT.code();
  }

  /** Of what the command has the nearest to what it has not. */
  private static String meant(ParameterException failure) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return "";
    }
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    List<String> known = new ArrayList<>(spec.subcommands().keySet());
    spec.options().forEach(option -> known.addAll(List.of(option.names())));
    return NearName.hint(unmatched.getUnmatched().get(0), known);
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    console.out().flush();
    boolean wrapped = failure instanceof ExecutionException && failure.getCause() != null;
    return said(wrapped ? failure.getCause() : failure);
  }

  private int said(Throwable failure) {
    Optional<String> line = MachineFault.line(failure);
    if (line.isPresent()) {
      console.err().println("ssa: " + oneLine(line.get()));
      return ExitStatus.BAD_INPUT.code();
    }
    failure.printStackTrace(console.err());
    return ExitStatus.BUG.code();
  }

  private static String oneLine(String text) {
    return text.replace("\r\n", " ").replace('\n', ' ').replace('\r', ' ');
  }
}
