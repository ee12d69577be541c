package org.ssasuite.tasks.pg19;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

/** Tasks as the catalogue makes them. */
final class Made {
  private static final Pg19Tasks MODULE = new Pg19Tasks();

  private Made() {}

  /** Of suite pg19, whose tasks no model matters to. */
  static List<String> names() {
    return MODULE.offers().stream()
        .filter(offer -> offer.suite().equals("pg19"))
        .map(TaskOffer::name)
        .toList();
  }

  /** Of the tasks that rate losses. */
  static List<String> lossNames() {
    return names().stream().filter(name -> !name.equals(Pg19Tasks.CONFORMANCE)).toList();
  }

  /** As it defines itself. */
  static Task<?> task(String name, Path data) {
    return task(TaskOrder.of(name), Variant.NONE, data);
  }

  static Task<?> task(TaskOrder order, Variant variant, Path data) {
    TaskOffer offer = MODULE.find(order.task()).orElseThrow();
    Supplies supplies = Supplies.of(data, data.resolve("cache"));
    return offer.make(offer.completed(order, supplies), variant, supplies);
  }
}
