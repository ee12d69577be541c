package org.ssasuite.leaderboards.program;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream whose reader may have seen enough, as {@code | head} has: what comes after that goes
 * nowhere, and is no failure. A disk that is full still is one. Mutable.
 */
final class PipeStream extends FilterOutputStream {
  private static final String CLOSED = "Broken pipe";

  private boolean closed;

  PipeStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int from, int count) throws IOException {
    if (closed) {
      return;
    }
    try {
      out.write(octets, from, count);
    } catch (IOException e) {
      if (!CLOSED.equals(e.getMessage())) {
        throw e;
      }
      closed = true;
    }
  }
}
