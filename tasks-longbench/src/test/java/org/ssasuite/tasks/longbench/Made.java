package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.task.Task;

/** Tasks as the catalogue makes them. */
final class Made {
  private static final LongBenchTasks MODULE = new LongBenchTasks();

  private Made() {}

  static TaskOffer offer(String name) {
    return MODULE.find(name).orElseThrow();
  }

  static Supplies supplies(Path data, Integer... trained) {
    return Supplies.of(data, data.resolve("cache")).forModels(List.of(trained));
  }

  /** As it defines itself, for models of these trained lengths. */
  static Task<?> task(String name, Path data, Integer... trained) {
    return offer(name).plain(supplies(data, trained));
  }

  /** The most tokens of a prompt. */
  static int limit(TaskOrder order, Integer... trained) {
    return offer(order.task())
        .completed(order, supplies(Path.of("data"), trained))
        .length()
        .orElseThrow();
  }

  static List<String> suite(String name, Path data) {
    return MODULE.suite(name, Wishes.none(), supplies(data)).stream().map(TaskOffer::name).toList();
  }

  static List<String> names() {
    return MODULE.offers().stream().map(TaskOffer::name).toList();
  }
}
