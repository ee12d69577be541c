package org.ssasuite.core.described;

import java.util.Objects;
import java.util.OptionalInt;
import org.ssasuite.core.task.TaskId;

/**
 * What every task has.
 *
 * @param tokens the order's, where the task takes a length
 */
record Frame(TaskId id, String protocol, OptionalInt tokens) {
  Frame {
    Objects.requireNonNull(id);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(tokens);
  }
}
