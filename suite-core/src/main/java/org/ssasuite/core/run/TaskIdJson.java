package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.ssasuite.core.task.TaskId;

/** How documents of the suite write a task's identity: one form in all of them. */
public final class TaskIdJson {
  private TaskIdJson() {}

  /** For {@link org.ssasuite.core.files.StrictJson}. */
  public static Module form() {
    SimpleModule form = new SimpleModule(TaskIdJson.class.getName());
    JsonForm.add(form, TaskId.class, TaskIdForm.class, TaskIdForm::of, TaskIdForm::id);
    return form;
  }

  /**
   * Puts in what the first documents do not state: they have the name alone, in which the variant
   * is not told apart.
   *
   * @param task the identity as it was read; anything else stays as it is
   */
  public static void complete(JsonNode task) {
    if (task instanceof ObjectNode fields) {
      TaskIdForm.complete(fields);
    }
  }
}
