package org.ssasuite.leaderboards.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.leaderboards.program.AnotherProcess;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.engine.Engine;

/**
 * Starts this program again for a {@link ColdReading}.
 *
 * @param command what starts it, without the arguments of {@code bench}
 */
record ReadingProcess(List<String> command) {
  ReadingProcess {
    command = List.copyOf(command);
  }

  /**
   * Another process of the program that runs now.
   *
   * @param main the class with its {@code main}
   */
  static ReadingProcess of(Class<?> main, Home home) {
    // A small nursery: what waits there to be collected is not what reading needs.
    List<String> options =
        List.of(
            "-XX:+UseSerialGC",
            "-Xmn16m",
            "-Dslf4j.internal.verbosity=ERROR",
            "-Dssa.home=" + home.root());
    return new ReadingProcess(AnotherProcess.command(options, main));
  }

  /**
   * Reads once what a row reads.
   *
   * @throws BadInputException if the process refuses, as for want of memory; it has said why
   * @throws IllegalStateException if it fails otherwise
   */
  ColdReading read(
      Engine engine, BenchPlan.Subject subject, AttentionMode mode, int length, int batch) {
    List<String> words = new ArrayList<>(command);
    words.addAll(
        List.of("bench", "--reading", "--model", subject.checkpoint().folder().toString()));
    words.addAll(List.of("--modes", mode.text(), "--lengths", Integer.toString(length)));
    words.addAll(List.of("--batch", Integer.toString(batch)));
    // Weights are outside of the heap, of which they may take no more than it may grow to.
    words.add(1, "-XX:MaxRAMPercentage=60");
    words.addAll(List.of("--device", engine.options().device().text()));
    words.addAll(List.of("--precision", engine.options().precision().text()));
    words.addAll(List.of("--threads", Integer.toString(engine.options().threads())));
    words.addAll(List.of("--chunk", Integer.toString(engine.scheduling().chunkTokens())));
    try {
      Process process =
          AnotherProcess.builder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = waitFor(process);
      if (status == ExitStatus.BAD_INPUT.code()) {
        throw new BadInputException(
            "model " + subject.checkpoint().name(),
            mode.text() + ", " + batch + " x " + length + " tokens: cannot be read here, as said");
      }
      if (status != 0) {
        throw new IllegalStateException("a process that reads prompts ended with " + status);
      }
      return ColdReading.parse(said);
    } catch (IOException e) {
      throw BadInputException.io(Path.of(command.get(0)), e);
    }
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while prompts were read", e);
    }
  }
}
