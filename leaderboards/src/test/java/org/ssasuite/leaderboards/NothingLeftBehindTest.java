package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the libraries write and where, in a process that was told nothing of it. */
class NothingLeftBehindTest {
  @TempDir Path folder;
  private Path home;
  private Path work;
  private Path temporary;
  private Path natives;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    work = Files.createDirectory(folder.resolve("work"));
    temporary = Files.createDirectory(folder.resolve("temporary"));
    natives = Files.createDirectory(folder.resolve("natives"));
    Files.writeString(folder.resolve("ids.txt"), "5 6 7");
  }

  @Test
  void onnxRuntimeKeepsNoDeviceIdAndNoEvents() throws Exception {
    assertThat(end(start(true))).as(said()).isZero();

    assertThat(files(home)).isEmpty();
    assertThat(files(work)).isEmpty();
  }

  @Test
  void theTemporaryFolderIsAsItWas() throws Exception {
    assertThat(end(start(true))).as(said()).isZero();

    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aProcessThatIsKilledLeavesTheTemporaryFolderAsItWas() throws Exception {
    Process process = start(true);
    while (process.isAlive() && !said().contains("logprob")) {
      Thread.sleep(10);
    }
    process.destroyForcibly().waitFor();

    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aUserWithoutANameGetsNoFolderOfThatName() throws Exception {
    assertThat(end(start(false))).as(said()).isZero();

    assertThat(work).isEmptyDirectory();
  }

  /**
   * Puts three tokens to a model.
   *
   * @param named whether Java knows where the user's home is
   */
  private Process start(boolean named) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData",
            "-Dssa.home=" + Terminal.HOME.root(),
            "-Dssa.natives=" + natives,
            "-Djava.io.tmpdir=" + temporary,
            "-Duser.home=" + (named ? home : "?"),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            Start.class.getName(),
            "logprobs",
            "--model",
            "ssa-mini",
            "--mode",
            "full",
            "--ids",
            folder.resolve("ids.txt").toString());
    builder.environment().remove("ORT_DISABLE_TELEMETRY");
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", home.toString());
    return builder
        .directory(work.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }

  private static int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("output.txt"));
  }

  /** Regular files, but for the tokenizers' library, which is cached on purpose. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !folder.relativize(file).startsWith(".djl.ai"))
          .toList();
    }
  }
}
