package org.ssasuite.leaderboards.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.metrics.DivergenceMetrics;
import org.ssasuite.core.metrics.PackedFigures;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.Ratios;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Scored;
import org.ssasuite.tasks.pg19.Pg19Tasks;

/**
 * A result of suite conformance with its log.
 *
 * @param scored the log's samples that have a score
 * @param percentiles of KL over the positions of all of them: the {@link #PERCENTILES}, and the
 *     largest
 */
record ConformanceRow(ReportedResult reported, List<Sample> scored, List<Double> percentiles) {
  static final List<Double> PERCENTILES = List.of(0.5, 0.9, 0.99, 0.999);

  /** Rounding to fp32, and what sums in another order differ by. */
  private static final double PRECISION = 1e-6;

  ConformanceRow {
    Objects.requireNonNull(reported);
    scored = List.copyOf(scored);
    percentiles = List.copyOf(percentiles);
  }

  /** A document's measures. */
  record Sample(String document, Scored score) {}

  static boolean is(TaskResult result) {
    return result.task().benchmark().equals(Pg19Tasks.CONFORMANCE);
  }

  /**
   * Reads the log of a finished row that has a score at least once.
   *
   * @throws BadInputException if it is not any more what the results say
   */
  static ConformanceRow read(ReportedResult reported) {
    TaskResult result = reported.result();
    Path folder = Path.of(reported.run());
    Path log = folder.resolve(RunFolder.logName(result.model(), result.task()));
    result
        .log()
        .filter(seal -> !Digests.sha256(log).equals(seal.sha256()))
        .ifPresent(
            seal -> {
              throw new BadInputException(log, "was changed while it was read");
            });
    List<Sample> scored = new ArrayList<>();
    List<float[]> figures = new ArrayList<>();
    List<SampleRecord> records = RunFolder.readSamples(folder, result.model(), result.task());
    for (int i = 0; i < records.size(); i++) {
      SampleRecord record = records.get(i);
      if (record.score() instanceof Scored score) {
        scored.add(new Sample(record.document(), score));
        figures.add(figures(log, i + 1, score));
      }
    }
    return new ConformanceRow(reported, scored, percentiles(figures));
  }

  /** Those of each position, which must come to what the measure says. */
  private static float[] figures(Path log, int line, Scored score) {
    float[] figures;
    try {
      figures = PackedFigures.unpacked(score.extracted().orElse(""));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          log.toString(), "line " + line + ": extracted: " + e.getMessage(), e);
    }
    Measure mean = whole(score, DivergenceMetrics.KL);
    double sum = 0;
    for (float figure : figures) {
      sum += figure;
    }
    boolean same =
        figures.length == mean.weight()
            && Math.abs(sum / figures.length - mean.value())
                <= PRECISION * Math.max(1, Math.abs(mean.value()));
    if (!same) {
      throw new BadInputException(
          log,
          "line "
              + line
              + ": "
              + figures.length
              + " figures of KL do not come to "
              + mean.value()
              + " over "
              + mean.weight()
              + " positions");
    }
    return figures;
  }

  private static Measure whole(Scored score, String metric) {
    return score.measures().stream()
        .filter(measure -> measure.metric().equals(metric) && measure.facet().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static List<Double> percentiles(List<float[]> figures) {
    double[] all = new double[figures.stream().mapToInt(f -> f.length).sum()];
    int at = 0;
    for (float[] own : figures) {
      for (float figure : own) {
        all[at++] = figure;
      }
    }
    if (all.length == 0) {
      return List.of();
    }
    Arrays.sort(all);
    List<Double> percentiles = new ArrayList<>();
    PERCENTILES.forEach(p -> percentiles.add(Ratios.quantile(all, p)));
    percentiles.add(all[all.length - 1]);
    return percentiles;
  }

  /** The mode that this one was held against. */
  String reference() {
    return reported
        .order()
        .map(order -> order.own().get(Pg19Tasks.REFERENCE))
        .map(values -> values.get(0))
        .orElse("?");
  }

  /** A metric over documents, against 0: what its mean's bounds are made of. */
  PairedDocuments against0(String metric) {
    return PairedDocuments.of(
        scored.stream()
            .map(
                sample -> {
                  Measure own = whole(sample.score(), metric);
                  return new PairedDocuments.Pair(
                      sample.document(), 0, own.weight(), own.value(), own.weight());
                })
            .toList());
  }

  /** As people read it. */
  String text() {
    return reported.model()
        + " "
        + reported.mode()
        + " against "
        + reference()
        + ", "
        + reported.result().task().name();
  }
}
