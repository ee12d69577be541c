package org.ssasuite.leaderboards.report.extrapolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Transform;

/** What the stretches of one result were measured to have, by stretch. Immutable. */
final class StretchFigures {
  private final Map<String, SampleRecord> stretches;

  private StretchFigures(Map<String, SampleRecord> stretches) {
    this.stretches = stretches;
  }

  /** Of a log; samples without a score have nothing to say. */
  static StretchFigures of(List<SampleRecord> samples) {
    Map<String, SampleRecord> stretches = new LinkedHashMap<>();
    for (SampleRecord sample : samples) {
      if (sample.score().<Boolean>fold(scored -> true, unscored -> false)) {
        stretches.putIfAbsent(sample.sample(), sample);
      }
    }
    return new StretchFigures(stretches);
  }

  /** Whether the stretches that both have were asked the same. */
  boolean sameTokens(StretchFigures other) {
    return stretches.values().stream()
        .allMatch(
            stretch -> {
              SampleRecord same = other.stretches.get(stretch.sample());
              return same == null || same.requests().equals(stretch.requests());
            });
  }

  /**
   * A figure of the stretches that both have, B being the other one.
   *
   * @param length absent: a figure that is of no length
   * @return absent if no stretch has it on both sides
   */
  Optional<PairedDocuments> paired(StretchFigures other, String metric, OptionalInt length) {
    List<PairedDocuments.Pair> pairs = new ArrayList<>();
    for (SampleRecord stretch : stretches.values()) {
      Optional<Measure> a = measure(stretch, metric, length);
      Optional<Measure> b =
          Optional.ofNullable(other.stretches.get(stretch.sample()))
              .flatMap(same -> measure(same, metric, length));
      if (a.isPresent() && b.isPresent() && a.get().weight() > 0 && b.get().weight() > 0) {
        pairs.add(
            new PairedDocuments.Pair(
                stretch.document(),
                a.get().value(),
                a.get().weight(),
                b.get().value(),
                b.get().weight()));
      }
    }
    return pairs.isEmpty() ? Optional.empty() : Optional.of(PairedDocuments.of(pairs));
  }

  /** A figure's means over the stretches of each document. */
  Map<String, Double> byDocument(String metric, int length) {
    Map<String, double[]> sums = new TreeMap<>();
    for (SampleRecord stretch : stretches.values()) {
      measure(stretch, metric, OptionalInt.of(length))
          .filter(measure -> measure.weight() > 0)
          .ifPresent(
              measure -> {
                double[] sum = sums.computeIfAbsent(stretch.document(), any -> new double[2]);
                sum[0] += measure.value() * measure.weight();
                sum[1] += measure.weight();
              });
    }
    Map<String, Double> means = new TreeMap<>();
    sums.forEach((document, sum) -> means.put(document, sum[0] / sum[1]));
    return means;
  }

  private static Optional<Measure> measure(
      SampleRecord stretch, String metric, OptionalInt length) {
    Optional<Facet> slice =
        length.isPresent() ? Optional.of(LengthMeasures.at(length.getAsInt())) : Optional.empty();
    return stretch
        .score()
        .fold(
            scored ->
                scored.measures().stream()
                    .filter(m -> m.metric().equals(metric) && m.facet().equals(slice))
                    .findFirst(),
            unscored -> Optional.empty());
  }

  static Interval transformed(Interval interval, Transform transform) {
    return interval.method() == Interval.Method.NONE
        ? interval
        : new Interval(
            transform.apply(interval.low()),
            transform.apply(interval.high()),
            interval.level(),
            interval.method());
  }
}
