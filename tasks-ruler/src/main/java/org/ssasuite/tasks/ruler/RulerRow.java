package org.ssasuite.tasks.ruler;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;

/**
 * A result of one of RULER's tasks at one length.
 *
 * @param version whose generators made its samples; absent where its order does not state it
 * @param headline in percent
 */
record RulerRow(
    ReportedResult reported, Optional<String> version, int length, MetricResult headline) {
  RulerRow {
    Objects.requireNonNull(reported);
    Objects.requireNonNull(version);
    Objects.requireNonNull(headline);
  }

  /** Those with a score, in the results' order. */
  static List<RulerRow> of(List<ReportedResult> results) {
    return results.stream().flatMap(result -> of(result).stream()).toList();
  }

  private static Optional<RulerRow> of(ReportedResult reported) {
    OptionalInt length = LengthFacet.in(reported.result());
    if (reported.headline().isEmpty() || length.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> version =
        reported.order().flatMap(order -> RulerTasks.first(order.own(), RulerTasks.GENERATORS));
    return Optional.of(
        new RulerRow(reported, version, length.getAsInt(), reported.headline().get()));
  }

  /** Name of the task, whatever the length. */
  String task() {
    return reported.result().task().base();
  }

  double score() {
    return headline.value();
  }

  boolean asksForNeedles() {
    return RulerTaskName.find(task()).filter(name -> name.base().needles().isPresent()).isPresent();
  }

  /** Rows whose figures are put together have the same one. */
  Contender contender() {
    return new Contender(reported.run(), reported.model(), reported.mode(), version);
  }

  /** A model in one mode, on samples of one version, in one run. */
  record Contender(String run, String model, String mode, Optional<String> version) {
    /** In a picture. */
    String name() {
      return model + " " + mode;
    }
  }
}
