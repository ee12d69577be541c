package org.ssasuite.leaderboards;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program in a process of its own. */
final class ChildProcess {
  private ChildProcess() {}

  /**
   * Starts one command.
   *
   * @param output what it prints
   * @param options of the virtual machine
   */
  static Process start(Path output, List<String> options, String... words) throws IOException {
    return start(output, options, Map.of(), words);
  }

  /**
   * Starts one command.
   *
   * @param output what it prints
   * @param options of the virtual machine
   * @param environment variables beside this process's
   */
  static Process start(
      Path output, List<String> options, Map<String, String> environment, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dssa.home=" + Terminal.HOME.root());
    command.add("-Dssa.commit=" + Terminal.HOME.commit().orElseThrow());
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(Suite.class.getName());
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
