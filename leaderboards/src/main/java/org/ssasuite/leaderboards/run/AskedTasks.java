package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.Wishes;

/**
 * A word by which a user asks for tasks.
 *
 * @param suite whether it names all tasks of a suite, or one task
 */
record AskedTasks(String name, boolean suite) {
  AskedTasks {
    Objects.requireNonNull(name);
  }

  static List<AskedTasks> suites(List<String> names) {
    return names.stream().map(name -> new AskedTasks(name, true)).toList();
  }

  static List<AskedTasks> tasks(List<String> names) {
    return names.stream().map(name -> new AskedTasks(name, false)).toList();
  }

  /**
   * Names of tasks, in table order.
   *
   * @throws org.ssasuite.core.BadInputException for a suite that there is not
   */
  Stream<String> named(Catalogue catalogue, Wishes wishes, Supplies supplies) {
    return suite
        ? catalogue.suite(name, wishes, supplies).stream().map(TaskOffer::name)
        : Stream.of(name);
  }
}
