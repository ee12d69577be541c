package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A data set under a protocol: what a task's name says.
 *
 * @param extended whether its part of LongBench-E
 */
record TaskForm(DataSet set, boolean extended, Protocol protocol) {
  private static final String EXTENDED = "_e";
  private static final String EXTENDED_SUITE = "-e";

  /** All of them, suite by suite, in table order. */
  static List<TaskForm> all() {
    List<TaskForm> all = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (boolean extended : List.of(false, true)) {
        for (DataSet set : DataSet.values()) {
          if (!extended || set.has(DataSet.Trait.EXTENDED)) {
            all.add(new TaskForm(set, extended, protocol));
          }
        }
      }
    }
    return all;
  }

  static Optional<TaskForm> named(String name) {
    return all().stream().filter(form -> form.name().equals(name)).findFirst();
  }

  String name() {
    return set.text() + (extended ? EXTENDED : "") + protocol.suffix();
  }

  /** The suite that it belongs to. */
  String suite() {
    return LongBenchTasks.SUITE + (extended ? EXTENDED_SUITE : "") + protocol.suffix();
  }
}
