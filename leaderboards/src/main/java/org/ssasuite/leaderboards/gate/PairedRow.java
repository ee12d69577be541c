package org.ssasuite.leaderboards.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.task.Measure;
import org.ssasuite.leaderboards.compare.RunRow;
import org.ssasuite.leaderboards.compare.SamplePairs;

/**
 * A row of a baseline with the same row of a run.
 *
 * @param notes what a reader has to know of it
 */
record PairedRow(PairedDocuments documents, List<String> notes) {
  PairedRow {
    notes = List.copyOf(notes);
  }

  /**
   * Pairs a row's samples.
   *
   * @param first whether the row stands in a baseline of the first version
   * @param allowed names of facts that may differ
   * @throws BadInputException if anything else differs that the numbers rest on
   */
  static PairedRow of(Baseline.Row row, boolean first, Path file, RunRow now, Set<String> allowed) {
    String metric =
        now.headline()
            .map(MetricResult::metric)
            .orElseThrow(
                () -> new BadInputException(now.folder(), now.text() + " has no scored sample"));
    List<String> refused = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Comparability.Difference difference :
        new Comparability(row, first).differences(now.result(), metric)) {
      if (allowed.contains(difference.name())) {
        notes.add(row.text() + ": " + difference.text() + ", as was allowed");
      } else {
        refused.add(difference.text());
      }
    }
    if (!refused.isEmpty()) {
      throw new BadInputException(file, row.text() + ": " + String.join("; ", refused));
    }
    SamplePairs samples = paired(row, file, Gate.scored(now, metric), metric, now);
    if (samples.onlyB() > 0) {
      notes.add(
          row.text() + ": " + samples.onlyB() + " samples of the run are not in the baseline");
    }
    return new PairedRow(PairedDocuments.of(samples.pairs()), notes);
  }

  private static SamplePairs paired(
      Baseline.Row row, Path file, List<SamplePairs.Sample> after, String metric, RunRow now) {
    Map<String, Map<String, Double>> asked = new HashMap<>();
    for (SamplePairs.Sample sample : after) {
      asked
          .computeIfAbsent(sample.requests(), requests -> new TreeMap<>())
          .put(sample.document(), sample.headline().orElseThrow().weight());
    }
    List<SamplePairs.Sample> before = new ArrayList<>();
    for (Baseline.Sample sample : row.samples()) {
      requireEqual(sample, asked.getOrDefault(sample.requests(), Map.of()), file, row);
      before.add(
          new SamplePairs.Sample(
              sample.requests(),
              sample.document(),
              Optional.of(Measure.of(metric, sample.value(), sample.weight()))));
    }
    SamplePairs samples = SamplePairs.of(before, after, file + ", " + row.text());
    if (samples.pairs().stream().noneMatch(pair -> pair.weightA() > 0)) {
      throw new BadInputException(
          file, row.text() + ": none of its samples was asked in " + now.folder());
    }
    return samples;
  }

  /**
   * What was asked decides about document and weight: both are the same on both sides.
   *
   * @param here weights by document of what asked the same; empty if nothing did
   */
  private static void requireEqual(
      Baseline.Sample there, Map<String, Double> here, Path file, Baseline.Row row) {
    Double weight = here.get(there.document());
    if (!here.isEmpty() && (weight == null || weight != there.weight())) {
      throw new BadInputException(
          file,
          "%s: a sample is of document %s with weight %s in the baseline, by document %s in the run"
              .formatted(row.text(), there.document(), there.weight(), here));
    }
  }
}
