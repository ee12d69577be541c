package org.ssasuite.leaderboards.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;

class MachineFaultTest {
  @Test
  void memoryThatRanOutIsOneLine() {
    assertThat(MachineFault.line(new OutOfMemoryError("Java heap space")).orElseThrow())
        .startsWith("out of memory: Java heap space; Java may take ");
  }

  @Test
  void whatAThreadWrapsIsFound() {
    Exception wrapped = new ExecutionException(new BadInputException("x.json", "is odd"));

    assertThat(MachineFault.line(new IllegalStateException(wrapped))).contains("x.json: is odd");
  }

  @Test
  void aDiskThatIsFullIsOneLineWithTheFile() {
    FileSystemException full = new FileSystemException("/x/y", null, "No space left on device");

    assertThat(MachineFault.line(new UncheckedIOException(full)))
        .contains("/x/y: No space left on device");
  }

  @Test
  void aClassThatIsNotFoundIsTheInstallations() {
    NoClassDefFoundError missing = new NoClassDefFoundError("a/B");
    missing.initCause(new ClassNotFoundException("a.B"));

    assertThat(MachineFault.line(missing).orElseThrow()).contains("a/B").contains("ulimit -n");
  }

  @Test
  void aBugIsNone() {
    assertThat(MachineFault.line(new IllegalStateException("impossible"))).isEmpty();
    assertThat(MachineFault.line(new StackOverflowError())).isEmpty();
  }
}
