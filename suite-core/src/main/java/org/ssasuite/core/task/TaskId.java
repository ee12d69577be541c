package org.ssasuite.core.task;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Identity of a task. A change that can move a number raises the version.
 *
 * @param benchmark the suite that it belongs to, as {@code pg19}
 * @param base the name on command lines, unique over all suites
 * @param variant in what it differs from the task of that name
 */
public record TaskId(String benchmark, String base, Variant variant, int version) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.@-]*");

  public TaskId {
    Objects.requireNonNull(variant);
    if (!NAME.matcher(benchmark).matches() || !NAME.matcher(base).matches() || version < 1) {
      throw new IllegalArgumentException("no task id: " + benchmark + " " + base + " " + version);
    }
  }

  /** A task as it defines itself. */
  public TaskId(String benchmark, String base, int version) {
    this(benchmark, base, Variant.NONE, version);
  }

  /** The same task in another variant. */
  public TaskId in(Variant other) {
    return new TaskId(benchmark, base, other, version);
  }

  /** The name in tables and folders, unique in a run. */
  public String name() {
    return base + variant.suffix();
  }

  @Override
  public String toString() {
    return benchmark + "/" + name() + "@" + version;
  }
}
