package org.ssasuite.leaderboards.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.ssasuite.core.BadInputException;

/**
 * Where text goes, always in UTF-8, whatever the locale says.
 *
 * @param out results
 * @param err progress, warnings, errors
 * @param interactive whether a person watches {@code err} on a terminal
 */
public record Console(PrintWriter out, PrintWriter err, boolean interactive) {
  public Console {
    Objects.requireNonNull(out);
    Objects.requireNonNull(err);
  }

  /**
   * The process's own streams. Java cannot tell whether stderr alone is a terminal, so the launcher
   * does, in the system property {@code ssa.terminal}.
   */
  public static Console standard() {
    return new Console(
        writer(FileDescriptor.out), writer(FileDescriptor.err), Boolean.getBoolean("ssa.terminal"));
  }

  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(
        new OutputStreamWriter(
            new PipeStream(new FileOutputStream(stream)), StandardCharsets.UTF_8),
        true);
  }

  /**
   * Makes sure that all results so far have left the process.
   *
   * @throws BadInputException if they could not be written, to a full disk for instance
   */
  public void requireWritten() {
    if (out.checkError()) {
      throw new BadInputException("standard output", "cannot be written");
    }
  }
}
