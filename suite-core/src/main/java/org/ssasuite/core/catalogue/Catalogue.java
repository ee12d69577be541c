package org.ssasuite.core.catalogue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.NearName;
import org.ssasuite.core.task.Variant;

/** All tasks that there are. */
public record Catalogue(List<TaskModule> modules) {
  /** Of tasks that a message names. */
  private static final int SHOWN = 8;

  /** The wishes that not every task has a use for. */
  private static final List<Wish> WISHES =
      List.of(
          new Wish("--lengths", "has a length", Takes::lengths, said -> !said.lengths().isEmpty()),
          new Wish("--shots", "has shots", Takes::shots, said -> said.shots().isPresent()),
          new Wish("--seeds", "draws anything", Takes::seed, said -> !said.seeds().isEmpty()),
          new Wish(
              "--bos",
              "is read with BOS or without",
              takes -> takes.own().contains(BosOrder.OWN),
              said -> said.own().containsKey(BosOrder.OWN)),
          new Wish(
              "--chat-template",
              "has a place for a chat template",
              takes -> takes.own().contains(ChatOrder.OWN),
              said -> said.own().containsKey(ChatOrder.OWN)));

  /**
   * A wish.
   *
   * @param option by which it is said
   * @param use what a task does that has a use for it
   * @param taken whether a task has
   * @param said whether it was said
   */
  private record Wish(String option, String use, Predicate<Takes> taken, Predicate<Wishes> said) {}

  public Catalogue {
    modules = List.copyOf(modules);
  }

  /** All tasks, in table order. */
  public List<TaskOffer> offers() {
    return modules.stream().flatMap(module -> module.offers().stream()).toList();
  }

  /** The tasks that a list names. */
  public List<TaskOffer> listed(Supplies supplies) {
    return modules.stream().flatMap(module -> module.listed(supplies).stream()).toList();
  }

  /**
   * A task by its name.
   *
   * @throws BadInputException if there is none
   */
  public TaskOffer offer(String name) {
    return offer(TaskOrder.of(name));
  }

  /**
   * The task of an order.
   *
   * @throws BadInputException if there is none, or one whose name another module's task has
   */
  public TaskOffer offer(TaskOrder order) {
    for (TaskModule module : modules) {
      Optional<TaskOffer> offer = module.find(order);
      if (offer.isPresent()) {
        requireOwnName(order, offer.get().name(), module);
        return offer.get();
      }
    }
    List<String> names = offers().stream().map(TaskOffer::name).toList();
    throw new BadInputException(
        "task " + order.task(),
        "is none of " + String.join(", ", names) + NearName.hint(order.task(), names));
  }

  private void requireOwnName(TaskOrder order, String name, TaskModule module) {
    modules.stream()
        .filter(other -> !other.equals(module))
        .flatMap(other -> other.find(name).stream())
        .findFirst()
        .ifPresent(
            other -> {
              throw new BadInputException(
                  "task " + order.task(),
                  "has the name of task " + name + " of suite " + other.suite());
            });
  }

  /** Names of all suites, in table order. */
  public List<String> suites() {
    return modules.stream().flatMap(module -> module.suites().stream()).toList();
  }

  /**
   * The tasks of a suite.
   *
   * @throws BadInputException if there is no such suite, or nothing for any of its tasks
   */
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    return modules.stream()
        .filter(module -> module.suites().contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "suite " + name,
                    "is none of " + String.join(", ", suites()) + NearName.hint(name, suites())))
        .suite(name, wishes, supplies);
  }

  /**
   * What orders come to with a user's wishes: complete orders, in table order, none twice.
   *
   * @throws BadInputException for a name that no task has or two have, a wish that no task has a
   *     use for, and what a task cannot work with
   */
  public List<TaskOrder> orders(List<TaskOrder> orders, Wishes wishes, Supplies supplies) {
    requireUse(orders, wishes);
    List<TaskOrder> complete =
        orders.stream()
            .flatMap(order -> wishes.applied(order, offer(order), supplies))
            .distinct()
            .toList();
    requireOneOfAName(complete);
    return complete;
  }

  /** What tasks of one name differ in, their names must show, which no module's own is part of. */
  private static void requireOneOfAName(List<TaskOrder> orders) {
    Map<String, Map<String, List<String>>> own = new HashMap<>();
    for (TaskOrder order : orders) {
      Map<String, List<String>> other = own.putIfAbsent(order.task(), order.own());
      if (other != null && !other.equals(order.own())) {
        throw new BadInputException(
            "task " + order.task(), "is the name of two different tasks of this run");
      }
    }
  }

  private void requireUse(List<TaskOrder> orders, Wishes wishes) {
    for (Wish wish : WISHES) {
      if (wish.said.test(wishes) && orders.stream().noneMatch(order -> takes(order, wish))) {
        throw new BadInputException(
            wish.option,
            "none of the tasks "
                + wish.use
                + "; these do: "
                + some(offers().stream().filter(offer -> wish.taken.test(offer.takes())).toList()));
      }
    }
  }

  /** A line for each wish that some of the tasks have no use for; those keep what they have. */
  public List<String> notes(List<TaskOrder> orders, Wishes wishes) {
    List<String> notes = new ArrayList<>();
    for (Wish wish : WISHES) {
      List<String> without =
          orders.stream()
              .filter(order -> !takes(order, wish))
              .map(TaskOrder::task)
              .distinct()
              .toList();
      if (wish.said.test(wishes) && !without.isEmpty()) {
        notes.add(wish.option + " says nothing to " + String.join(", ", without));
      }
    }
    return notes;
  }

  private boolean takes(TaskOrder order, Wish wish) {
    return wish.taken.test(offer(order).takes());
  }

  private static String some(List<TaskOffer> offers) {
    int more = offers.size() - SHOWN;
    return names(offers.stream().limit(SHOWN)) + (more > 0 ? " and " + more + " more" : "");
  }

  private static String names(Stream<TaskOffer> offers) {
    return offers.map(TaskOffer::name).collect(Collectors.joining(", "));
  }

  /**
   * What the name of an order's task shows among a run's orders: the length where the run has the
   * task at several, shots and seed where they are not the task's own.
   */
  public Variant variant(TaskOrder order, List<TaskOrder> ofRun, Supplies supplies) {
    TaskOrder own =
        offer(order).completed(TaskOrder.of(order.task()).withOwn(order.own()), supplies);
    boolean severalLengths =
        ofRun.stream()
                .filter(other -> other.task().equals(order.task()))
                .map(TaskOrder::length)
                .distinct()
                .count()
            > 1;
    return new Variant(
        severalLengths ? order.length() : OptionalInt.empty(),
        order.shots().equals(own.shots()) ? OptionalInt.empty() : order.shots(),
        order.seed().equals(own.seed()) ? OptionalLong.empty() : order.seed());
  }
}
