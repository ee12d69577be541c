package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;

/**
 * The JSON form of a {@link TaskId}.
 *
 * @param name with the variant behind it, as in tables and folders
 * @param base without it
 */
record TaskIdForm(
    String benchmark,
    String name,
    String base,
    OptionalInt length,
    OptionalInt shots,
    OptionalLong seed,
    int version) {
  static TaskIdForm of(TaskId id) {
    Variant variant = id.variant();
    return new TaskIdForm(
        id.benchmark(),
        id.name(),
        id.base(),
        variant.length(),
        variant.shots(),
        variant.seed(),
        id.version());
  }

  TaskId id() {
    TaskId id = new TaskId(benchmark, base, new Variant(length, shots, seed), version);
    if (!id.name().equals(name)) {
      throw new IllegalArgumentException("task " + name + " is not " + id.name());
    }
    return id;
  }

  /** Once an id had its name alone, in which the variant was not told apart. */
  static void complete(ObjectNode fields) {
    if (!fields.has("base") && fields.has("name")) {
      fields.set("base", fields.get("name"));
      List.of("length", "shots", "seed").forEach(name -> fields.set(name, NullNode.getInstance()));
    }
  }
}
