package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.task.TaskId;

/**
 * A row of results as it was planned before the first request.
 *
 * @param model name of the model
 * @param mode text form of its attention mode
 * @param protocol the task's, as it was when the run began
 * @param dataDigest of the data that the task has for this model
 * @param samples how many are asked
 */
public record PlannedRow(
    String model, String mode, TaskId task, String protocol, String dataDigest, int samples) {
  public PlannedRow {
    Objects.requireNonNull(model);
    Objects.requireNonNull(mode);
    Objects.requireNonNull(task);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(dataDigest);
    if (samples < 0) {
      throw new IllegalArgumentException(task + ": " + samples + " samples");
    }
  }

  /** In what another row differs, as {@code samples is 20, 19}: what this one has comes first. */
  public List<String> differences(PlannedRow other) {
    List<String> differences = new ArrayList<>();
    differ("task", task, other.task, differences);
    differ("protocol", protocol, other.protocol, differences);
    differ("data digest", dataDigest, other.dataDigest, differences);
    differ("samples", samples, other.samples, differences);
    return differences;
  }

  private static void differ(String name, Object here, Object there, List<String> differences) {
    if (!here.equals(there)) {
      differences.add(name + " is " + here + ", " + there);
    }
  }

  /** As people read it. */
  public String text() {
    return model + " " + mode + " " + task.name();
  }
}
