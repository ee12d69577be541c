package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime looks through the process's command line when it starts. */
class LongCommandLineTest {
  private static final int CHARACTERS = 100_000;

  @TempDir Path folder;

  @Test
  void aLongCommandLineDoesNotEndTheProgram() throws Exception {
    Path output = folder.resolve("output.txt");
    Process doctor =
        ChildProcess.start(output, List.of("-Dfiller=" + "x".repeat(CHARACTERS)), "doctor");
    assertThat(doctor.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(doctor.exitValue()).as(Files.readString(output)).isZero();
  }
}
