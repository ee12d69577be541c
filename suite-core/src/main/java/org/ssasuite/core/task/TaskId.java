package org.ssasuite.core.task;

import java.util.regex.Pattern;

/**
 * Identity of a task. A change that can move a number raises the version.
 *
 * @param benchmark the suite that it belongs to, as {@code pg19}
 * @param name the name on command lines, unique over all suites
 */
public record TaskId(String benchmark, String name, int version) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.@-]*");

  public TaskId {
    if (!NAME.matcher(benchmark).matches() || !NAME.matcher(name).matches() || version < 1) {
      throw new IllegalArgumentException("no task id: " + benchmark + " " + name + " " + version);
    }
  }

  @Override
  public String toString() {
    return benchmark + "/" + name + "@" + version;
  }
}
