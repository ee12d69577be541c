package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Failures;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ExitStatusTest {
  private final StringWriter err = new StringWriter();

  private int statusOf(Callable<Integer> work) {
    Console console =
        new Console(new PrintWriter(Writer.nullWriter()), new PrintWriter(err, true), false);
    return new Failures(console).execute(new CommandLine(new Work(work)));
  }

  @Command(name = "work")
  private record Work(Callable<Integer> body) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      return body.call();
    }
  }

  @Test
  void bugIsSeventyWithItsStackTrace() {
    int status =
        statusOf(
            () -> {
              throw new IllegalStateException("this cannot be");
            });

    assertThat(status).isEqualTo(70);
    assertThat(err.toString()).contains("IllegalStateException: this cannot be").contains("\tat ");
  }

  @Test
  void errorOfTheMachineIsSeventyWithItsStackTrace() {
    int status =
        statusOf(
            () -> {
              throw new StackOverflowError("deep");
            });

    assertThat(status).isEqualTo(70);
    assertThat(err.toString()).startsWith("java.lang.StackOverflowError: deep");
  }

  @Test
  void badInputIsTwoWithoutStackTrace() {
    int status =
        statusOf(
            () -> {
              throw new BadInputException("file\nname", "is odd", new IllegalStateException());
            });

    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).isEqualToIgnoringNewLines("ssa: file\\nname: is odd");
  }

  @Test
  void standardOutputThatTakesNothingIsBadInput() {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Console console = new Console(new PrintWriter(full), new PrintWriter(err), false);
    console.out().print("text");

    assertThatThrownBy(console::requireWritten)
        .isInstanceOf(BadInputException.class)
        .hasMessage("standard output: cannot be written");
  }
}
