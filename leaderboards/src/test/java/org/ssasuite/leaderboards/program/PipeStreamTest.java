package org.ssasuite.leaderboards.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PipeStreamTest {
  private static PrintWriter failingWith(String message) {
    return new PrintWriter(
        new OutputStreamWriter(
            new PipeStream(
                new OutputStream() {
                  @Override
                  public void write(int octet) throws IOException {
                    throw new IOException(message);
                  }
                }),
            StandardCharsets.UTF_8),
        true);
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailure() {
    PrintWriter out = failingWith("Broken pipe");
    out.println("first");
    out.println("second");
    assertThat(out.checkError()).isFalse();
  }

  @Test
  void aFullDiskIs() {
    PrintWriter out = failingWith("No space left on device");
    out.println("first");
    assertThat(out.checkError()).isTrue();
  }
}
