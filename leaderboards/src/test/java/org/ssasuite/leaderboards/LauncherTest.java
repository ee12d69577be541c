package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher builds, and when: beside tools that only say how they were called. */
class LauncherTest {
  private static final String SAYS =
      "#!/usr/bin/env bash\necho \"$(basename \"$0\") $*\" >>\"$CALLS\"\n";
  private static final long SECONDS = 60;

  @TempDir Path folder;
  private Path root;
  private Path tools;
  private Path calls;

  private record Ended(int status, String said) {}

  @BeforeEach
  void checkOut() throws IOException {
    // A name with a space: every path has to bear one.
    root = Files.createDirectories(folder.resolve("check out"));
    tools = Files.createDirectories(folder.resolve("tools"));
    calls = Files.createFile(folder.resolve("calls"));
    Files.copy(Terminal.HOME.root().resolve("ssa"), root.resolve("ssa"));
    Files.createDirectories(root.resolve("leaderboards/src/main"));
    Files.createDirectories(root.resolve("ssa-runtime/src/main/native"));
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(root.resolve("leaderboards/pom.xml"), "");
    tool("java", SAYS + "echo 'java.specification.version = 17'\n");
    tool("cmake", SAYS);
    tool("g++", SAYS);
    tool("javac", SAYS);
    tool(
        "mvn",
        SAYS
            + "cd leaderboards/target || exit 1\n"
            + "mkdir -p lib && touch leaderboards-1.jar\n"
            + "case $* in *ssa.training.absent*) ;;"
            + " *) mkdir -p training && touch training/trainer-1-kernels.jar ;; esac\n");
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(tools.resolve(name), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended launch(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", root.resolve("ssa").toString()));
    command.addAll(List.of(words));
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().remove("CXX");
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    builder.environment().put("CALLS", calls.toString());
    Process process = builder.start();
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(said));
  }

  private List<String> callsOf(String tool) throws IOException {
    return Files.readAllLines(calls).stream().filter(call -> call.startsWith(tool + " ")).toList();
  }

  private String classPath() throws IOException {
    List<String> starts = callsOf("java");
    return starts.get(starts.size() - 1);
  }

  @Test
  void whatEvaluatesIsBuiltOnceWithoutWhatTrains() throws Exception {
    Ended first = launch("list", "models");
    Ended second = launch("list", "models");

    assertThat(first.status()).as(first.said()).isZero();
    assertThat(first.said()).contains("ssa: building (").contains("ssa: built in ");
    assertThat(second.said()).doesNotContain("ssa: building");
    assertThat(callsOf("mvn")).hasSize(1);
    assertThat(callsOf("mvn").get(0)).contains("-Dssa.program").contains("-Dssa.training.absent");
    assertThat(classPath()).doesNotContain("/training/*");
  }

  @Test
  void theFirstTrainingBuildsTheRest() throws Exception {
    launch("list", "models");
    Ended first = launch("train", "--recipe", "mine.json");
    Ended second = launch("train", "step");

    assertThat(first.said()).contains("ssa: building, with what training needs");
    assertThat(second.said()).doesNotContain("ssa: building");
    assertThat(callsOf("mvn")).hasSize(2);
    assertThat(callsOf("mvn").get(1)).doesNotContain("ssa.training.absent");
    assertThat(classPath()).contains("/training/* ");
  }

  @Test
  void preparingDataAndExplainingBuildNothingMore() throws Exception {
    launch("list", "models");
    launch("train", "prepare", "--corpus", "x");
    launch("train", "--help");

    assertThat(callsOf("mvn")).hasSize(1);
  }

  @Test
  void whatTrainingBuiltIsNotInWhatEvaluates() throws Exception {
    launch("train", "step");
    launch("run");

    assertThat(callsOf("mvn")).hasSize(1);
    assertThat(classPath()).doesNotContain("/training/*");
  }

  @Test
  void operatorsAreCompiledBesideMaven() throws Exception {
    launch("list", "models");

    assertThat(callsOf("mvn").get(0)).contains("-Dssa.cmake=");
    assertThat(callsOf("cmake")).anyMatch(call -> call.startsWith("cmake -S "));
  }

  @Test
  void aChangedSourceIsBuiltAgain() throws Exception {
    launch("list", "models");
    Files.createFile(root.resolve("leaderboards/src/main/New.java"));
    launch("list", "models");

    assertThat(callsOf("mvn")).hasSize(2);
  }

  @Test
  void aBuildThatFailsIsStatusTwo() throws Exception {
    tool("mvn", SAYS + "exit 1\n");

    Ended ended = launch("list", "models");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.said()).endsWith("ssa: the build failed; what it said is above\n");
  }
}
