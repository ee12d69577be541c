package org.ssasuite.leaderboards.pull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A response's content that is given up where nothing comes for long: the client's own limit ends
 * with the headers. Mutable; of one response, closed once.
 */
final class WatchedStream extends FilterInputStream {
  private static final int LOOKS = 4;

  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "pull-watch");
            thread.setDaemon(true);
            return thread;
          });

  private final long silenceNanos;
  private final ScheduledFuture<?> watch;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean silent;

  /**
   * Watches a stream.
   *
   * @param silence after which it is given up
   */
  WatchedStream(InputStream in, Duration silence) {
    super(in);
    silenceNanos = silence.toNanos();
    long every = Math.max(1, silence.toMillis() / LOOKS);
    watch = WATCH.scheduleAtFixedRate(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (System.nanoTime() - heardNanos > silenceNanos) {
      silent = true;
      try {
        // Whoever waits for more wakes up.
        in.close();
      } catch (IOException e) {
        // Its reader is told by the flag.
        return;
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    heardNanos = System.nanoTime();
    int n = in.read(bytes, from, length);
    if (silent) {
      throw new IOException(
          "nothing came for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " seconds");
    }
    heardNanos = System.nanoTime();
    return n;
  }

  @Override
  public void close() throws IOException {
    watch.cancel(false);
    super.close();
  }
}
