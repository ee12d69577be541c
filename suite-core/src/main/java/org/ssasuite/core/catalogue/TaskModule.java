package org.ssasuite.core.catalogue;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/** What a module has. */
public interface TaskModule {
  /** Its tasks, in table order. */
  List<TaskOffer> offers();

  /** The task of this name; a module may know further names of a task. */
  default Optional<TaskOffer> find(String name) {
    return offers().stream().filter(offer -> offer.name().equals(name)).findFirst();
  }

  /**
   * The task of an order; a module whose orders hold more of a task than its name looks there.
   *
   * @throws BadInputException for an order that holds no task
   */
  default Optional<TaskOffer> find(TaskOrder order) {
    return find(order.task());
  }

  /**
   * The tasks that a list names: those that the suite's user could run without a look elsewhere.
   */
  default List<TaskOffer> listed(Supplies supplies) {
    return offers();
  }

  /** Names of its suites, in table order. */
  List<String> suites();

  /**
   * The tasks of one of its suites; of two forms of one benchmark the one that the data allow.
   *
   * @throws BadInputException if there is nothing for any of them
   */
  List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies);
}
