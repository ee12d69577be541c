package org.ssasuite.leaderboards.pull;

import java.util.Locale;
import java.util.function.LongConsumer;
import org.ssasuite.core.VisibleText;
import org.ssasuite.leaderboards.program.Console;

/** Says how much of a file is there: on a terminal in one line, elsewhere now and then. Mutable. */
final class PullProgress implements LongConsumer {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final double MEGABYTE = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Console console;
  private final String label;
  private final HubFile file;
  private final long begunNanos = System.nanoTime();
  private final long begunBytes;
  private long saidNanos = begunNanos;

  /**
   * Of one file.
   *
   * @param label which of how many
   * @param bytes that are there already
   */
  PullProgress(Console console, String label, HubFile file, long bytes) {
    this.console = console;
    this.label = label;
    this.file = file;
    this.begunBytes = bytes;
    if (bytes > 0) {
      console.err().println(line(bytes) + ", going on");
    }
  }

  @Override
  public void accept(long bytes) {
    long now = System.nanoTime();
    if (now - saidNanos < (console.interactive() ? TERMINAL_NANOS : LINE_NANOS)) {
      return;
    }
    saidNanos = now;
    double seconds = (now - begunNanos) / NANOS_PER_SECOND;
    String rate =
        String.format(Locale.ROOT, ", %.1f MB/s", (bytes - begunBytes) / MEGABYTE / seconds);
    if (console.interactive()) {
      console.err().print("\r" + line(bytes) + rate + "    ");
      console.err().flush();
    } else {
      console.err().println(line(bytes) + rate);
    }
  }

  /** All of it is there. */
  void end() {
    console.err().println((console.interactive() ? "\r" : "") + line(file.bytes()) + ", done   ");
  }

  private String line(long bytes) {
    return String.format(
        Locale.ROOT,
        "%s %s: %.1f of %.1f MB",
        label,
        VisibleText.of(file.path()),
        bytes / MEGABYTE,
        file.bytes() / MEGABYTE);
  }
}
