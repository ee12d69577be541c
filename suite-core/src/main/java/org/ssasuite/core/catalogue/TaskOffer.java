package org.ssasuite.core.catalogue;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;

/** A task that a module has. */
public interface TaskOffer {
  /** What it is called: its name on command lines, its suite, its version. */
  TaskId id();

  /** Its name on command lines, unique over all modules. */
  default String name() {
    return id().base();
  }

  /** The suite that it belongs to. */
  default String suite() {
    return id().benchmark();
  }

  /** A change that can move a number raises it. */
  default int version() {
    return id().version();
  }

  Takes takes();

  /**
   * An order with the task's own where it said nothing.
   *
   * @throws BadInputException for what the task cannot work with
   */
  TaskOrder completed(TaskOrder order, Supplies supplies);

  /**
   * Reads the task's data and makes the task.
   *
   * @param order a complete one
   * @param variant what of it the task's name shows
   * @throws BadInputException for data that is missing or corrupt
   */
  Task<?> make(TaskOrder order, Variant variant, Supplies supplies);

  /**
   * The task as it defines itself.
   *
   * @throws BadInputException as {@link #make}
   */
  default Task<?> plain(Supplies supplies) {
    return make(completed(TaskOrder.of(name()), supplies), Variant.NONE, supplies);
  }

  /**
   * Reads what the task is made of, and makes nothing of it.
   *
   * @throws BadInputException for data that is missing or corrupt
   */
  default void check(TaskOrder order, Supplies supplies) {
    make(order, Variant.NONE, supplies);
  }

  /**
   * What a list of tasks says about it.
   *
   * @throws BadInputException saying what is missing for it
   */
  default Description description(Supplies supplies) {
    return Description.of(plain(supplies));
  }

  /**
   * Whether it asks what someone wrote, so that a training corpus may hold it; the opposite is
   * drawn from lists of words.
   */
  default boolean quotes() {
    return true;
  }

  /**
   * What it asks, in the form of its reference, a line each.
   *
   * @param order a complete one; its limit is of documents
   * @throws BadInputException if there is no such form, or as {@link #make}
   */
  default Stream<String> lines(TaskOrder order, Supplies supplies) {
    throw new BadInputException("task " + name(), "has no form in which samples could be shown");
  }

  /**
   * Digests of all that it asks, each behind its name.
   *
   * @param order a complete one
   * @throws BadInputException if there are none, or as {@link #make}
   */
  default List<String> fingerprints(TaskOrder order, Supplies supplies) {
    throw new BadInputException("--fingerprint", "is for choice tasks, not for " + name());
  }

  /**
   * The files in a hub's layout that a task is made from, a line each: which data set and split,
   * and where in the data folder. The suite's own layout says so by its files' names.
   *
   * @param order complete
   */
  default List<String> published(TaskOrder order, Supplies supplies) {
    return List.of();
  }
}
