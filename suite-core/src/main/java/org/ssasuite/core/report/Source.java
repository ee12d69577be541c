package org.ssasuite.core.report;

import java.util.Objects;
import org.ssasuite.core.task.TaskId;

/**
 * A result that something in a report was made of: where its samples lie, and by the manifest there
 * where it comes from and how it is done again.
 *
 * @param run folder, as the user named it
 */
public record Source(String run, String model, String mode, TaskId task) {
  public Source {
    Objects.requireNonNull(run);
    Objects.requireNonNull(model);
    Objects.requireNonNull(mode);
    Objects.requireNonNull(task);
  }
}
