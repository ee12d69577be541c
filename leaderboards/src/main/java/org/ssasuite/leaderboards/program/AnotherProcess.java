package org.ssasuite.leaderboards.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program starts itself again, in a process that works as this one does. */
public final class AnotherProcess {
  /** What the launcher and its users tell the virtual machine, and a process of ours needs too. */
  private static final List<String> HANDED_ON =
      List.of("ssa.natives", "user.home", "onnxruntime.native.path");

  private AnotherProcess() {}

  /**
   * The words that start it, up to the class.
   *
   * @param options of the virtual machine
   * @param main the class with its {@code main}
   */
  public static List<String> command(List<String> options, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    for (String property : HANDED_ON) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  /**
   * What starts it, with libraries told before they start what they are told by a call elsewhere.
   */
  public static ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return builder;
  }
}
