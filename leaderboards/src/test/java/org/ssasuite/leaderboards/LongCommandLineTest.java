package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime looks through the process's command line when it starts. */
class LongCommandLineTest {
  private static final int CHARACTERS = 100_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "logprobs --model ssa-mini --mode full --ids"})
  void aLongCommandLineDoesNotEndTheProgram(String command) throws Exception {
    Path output = folder.resolve("output.txt");
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    if (command.endsWith("--ids")) {
      words.add(Files.writeString(folder.resolve("ids.txt"), "5 6 7").toString());
    }

    Process process =
        ChildProcess.start(
            output, List.of("-Dfiller=" + "x".repeat(CHARACTERS)), words.toArray(String[]::new));

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
