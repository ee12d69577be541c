package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.ssasuite.leaderboards.program.Console;

class RunProgressTest {
  private final StringWriter err = new StringWriter();

  private RunProgress progress(boolean interactive) {
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), interactive);
    return new RunProgress(console, 2);
  }

  @Test
  void shortPieceOfWorkSaysNothingIntoAFile() {
    RunProgress progress = progress(false);
    progress.row("m", "full", "pg19");
    progress.begin("pg19, m", 3);
    progress.advance(2);
    progress.end();

    assertThat(err.toString()).isEmpty();
  }

  @Test
  void barNamesTheRowAndIsWipedAtTheEnd() {
    RunProgress progress = progress(true);
    progress.row("m", "full", "pg19");
    progress.begin("pg19, m", 3);
    progress.advance(2);
    progress.end();

    assertThat(err.toString()).contains("[1/2] m full pg19").endsWith(" \r");
  }
}
