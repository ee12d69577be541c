package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.tasks.pg19.Pg19Tasks;

/** The modes that suite conformance holds others against, in the models of a run. */
final class ReferenceModes {
  private ReferenceModes() {}

  private static boolean isConformance(TaskOrder order) {
    return order.task().equals(Pg19Tasks.CONFORMANCE);
  }

  private static Optional<String> text(List<TaskOrder> orders) {
    return orders.stream()
        .filter(ReferenceModes::isConformance)
        .map(order -> order.own().get(Pg19Tasks.REFERENCE).get(0))
        .findFirst();
  }

  /**
   * The reference of a model; absent where nothing is held against one.
   *
   * @param orders complete ones
   * @throws BadInputException that names the model, if it has no such mode
   */
  static Optional<AttentionMode> of(List<TaskOrder> orders, RunModel model) {
    return text(orders).map(text -> model.mode(text));
  }

  /**
   * A line for a model that has not the reference, which a run that names no models leaves out.
   *
   * @param orders complete ones
   */
  static Optional<String> lacks(List<TaskOrder> orders, RunModel model) {
    try {
      of(orders, model);
      return Optional.empty();
    } catch (BadInputException e) {
      return Optional.of(e.getMessage() + "; left out");
    }
  }

  /**
   * What a model runs in where the user names no modes: what it has, without the reference where
   * there is nothing but comparisons with it.
   *
   * @throws BadInputException if nothing is left to be held against it
   */
  static List<AttentionMode> modes(RunSpec spec, RunModel model) {
    Optional<AttentionMode> reference = of(spec.tasks(), model);
    if (reference.isEmpty() || !spec.tasks().stream().allMatch(ReferenceModes::isConformance)) {
      return model.modes();
    }
    List<AttentionMode> others =
        model.modes().stream().filter(mode -> !mode.equals(reference.get())).toList();
    if (others.isEmpty()) {
      throw new BadInputException(
          "model " + model.name(),
          "has no mode but " + reference.get().text() + " by itself; name some with --modes");
    }
    return others;
  }

  /**
   * Comparisons observe nothing.
   *
   * @throws BadInputException if something is to be observed
   */
  static void requireUnobserved(RunSpec spec) {
    boolean observes = spec.observe().isPresent() || spec.attribution();
    if (observes && spec.tasks().stream().anyMatch(ReferenceModes::isConformance)) {
      throw new BadInputException("--observe", "suite conformance observes nothing of attention");
    }
  }
}
