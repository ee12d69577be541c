package org.ssasuite.leaderboards.run;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.run.Progress;
import org.ssasuite.leaderboards.program.Console;

/**
 * Shows how far a run has come: a bar with the time left on a terminal, elsewhere a plain line now
 * and then. Mutable; one owner.
 */
final class RunProgress implements Progress {
  private static final int BAR_COLUMNS = 100;
  private static final Duration LINE_EVERY = Duration.ofSeconds(10);
  private static final Duration FIRST_LINE_AFTER = Duration.ofSeconds(5);

  private final Console console;
  private final int rows;
  private int row;
  private String label = "";
  private long units;
  private long done;
  private long begunNanos;
  private long nextLineNanos;
  private Optional<ProgressBar> bar = Optional.empty();

  RunProgress(Console console, int rows) {
    this.console = console;
    this.rows = rows;
  }

  /** A line of its own, before what it speaks of begins. */
  void say(String line) {
    console.err().println(line);
  }

  /** The next row of the table begins; its name replaces that of the work within it. */
  void row(String model, String mode, String task) {
    row++;
    label = "[" + row + "/" + rows + "] " + VisibleText.of(model + " " + mode + " " + task);
  }

  /** All rows together; this is what is counted. */
  void together(String what) {
    label = what;
  }

  @Override
  public void begin(String work, long size) {
    units = size;
    done = 0;
    begunNanos = System.nanoTime();
    nextLineNanos = begunNanos + FIRST_LINE_AFTER.toNanos();
    if (console.interactive()) {
      bar =
          Optional.of(
              new ProgressBarBuilder()
                  .setTaskName(label)
                  .setInitialMax(size)
                  .setStyle(ProgressBarStyle.ASCII)
                  .setConsumer(new DelegatingProgressBarConsumer(this::repaint, BAR_COLUMNS))
                  .build());
    }
  }

  @Override
  public void advance(long more) {
    done += more;
    if (bar.isPresent()) {
      bar.get().stepBy(more);
      return;
    }
    long now = System.nanoTime();
    if (now - nextLineNanos >= 0 && done < units) {
      nextLineNanos = now + LINE_EVERY.toNanos();
      double secondsLeft = (now - begunNanos) / 1e9 / done * (units - done);
      console
          .err()
          .println(label + ": " + done + " of " + units + ", " + left(secondsLeft) + " left");
    }
  }

  @Override
  public void end() {
    if (bar.isPresent()) {
      bar.get().close();
      bar = Optional.empty();
      repaint("");
      console.err().print("\r");
      console.err().flush();
    }
  }

  private void repaint(String line) {
    console.err().print("\r" + line + " ".repeat(Math.max(0, BAR_COLUMNS - line.length())));
    console.err().flush();
  }

  private static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }
}
