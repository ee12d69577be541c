package org.ssasuite.leaderboards.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.RowPairs;
import org.ssasuite.leaderboards.compare.RunRow;
import org.ssasuite.leaderboards.compare.SamplePairs;
import org.ssasuite.leaderboards.gate.RowJudgement.Outcome;

/**
 * A run held against a baseline.
 *
 * @param rows in the baseline's order
 */
record Gate(GateTerms terms, List<RowJudgement> rows) {
  Gate {
    rows = List.copyOf(rows);
  }

  /** An alarm of any row is one; otherwise all have to pass. */
  Outcome outcome() {
    if (rows.stream().anyMatch(row -> row.outcome() == Outcome.FAIL)) {
      return Outcome.FAIL;
    }
    return rows.stream().allMatch(row -> row.outcome() == Outcome.PASS)
        ? Outcome.PASS
        : Outcome.CANNOT_TELL;
  }

  /**
   * The perplexities of a run.
   *
   * @throws BadInputException if it has none, or samples without a score
   */
  static Baseline baseline(RunResult result, List<RunRow> rows) {
    List<Baseline.Row> kept = new ArrayList<>();
    for (RunRow row : rows) {
      Optional<MetricResult> headline = row.headline().filter(Gate::isPerplexity);
      if (headline.isPresent()) {
        kept.add(row(row, headline.get().metric()));
      }
    }
    if (kept.isEmpty()) {
      throw new BadInputException(
          rows.isEmpty() ? "the run" : rows.get(0).folder().toString(),
          "has no task whose headline is a perplexity");
    }
    return new Baseline(
        Baseline.SCHEMA, result.manifest().version(), result.manifest().commit(), kept);
  }

  static boolean isPerplexity(MetricResult headline) {
    return headline.transform().equals(Optional.of(Transform.EXP));
  }

  private static Baseline.Row row(RunRow row, String metric) {
    List<Baseline.Sample> samples = new ArrayList<>();
    for (SamplePairs.Sample sample : SamplePairs.samples(row, metric)) {
      Measure headline = scored(sample, row);
      samples.add(
          new Baseline.Sample(
              sample.requests(), sample.document(), headline.value(), headline.weight()));
    }
    return new Baseline.Row(
        row.model(),
        row.mode(),
        row.result().task(),
        row.result().protocol(),
        row.result().dataDigest(),
        metric,
        Comparability.facts(row.result().model()),
        samples);
  }

  private static Measure scored(SamplePairs.Sample sample, RunRow row) {
    return sample
        .headline()
        .orElseThrow(
            () ->
                new BadInputException(
                    row.folder(),
                    row.text()
                        + ": a sample of document "
                        + sample.document()
                        + " has no score; a gate needs all"));
  }

  /**
   * Holds a run against a baseline.
   *
   * @param file the baseline's, for messages
   * @throws BadInputException if a row of the baseline is not in the run, or stands on other data,
   *     protocol, tokenizer, shape or precision there
   */
  static Gate of(Baseline baseline, Path file, List<RunRow> run, GateTerms terms) {
    List<RowPairs.RowPair<Baseline.Row>> pairs =
        RowPairs.of(
            baseline.rows(),
            row -> new RowPairs.Key(row.model(), row.mode(), row.task().name()),
            run);
    for (Baseline.Row row : baseline.rows()) {
      if (pairs.stream().noneMatch(pair -> pair.a().equals(row))) {
        throw new BadInputException(file, "the run has no row for " + row.text());
      }
    }
    List<RowJudgement> judged = new ArrayList<>();
    for (RowPairs.RowPair<Baseline.Row> pair : pairs) {
      judged.add(
          RowJudgement.of(
              pair.a(), paired(pair.a(), file, pair.b()), terms, baseline.rows().size()));
    }
    return new Gate(terms, judged);
  }

  private static PairedDocuments paired(Baseline.Row row, Path file, RunRow now) {
    String metric =
        now.headline()
            .map(MetricResult::metric)
            .orElseThrow(
                () -> new BadInputException(now.folder(), now.text() + " has no scored sample"));
    List<String> differences = Comparability.differences(row, now.result(), metric);
    if (!differences.isEmpty()) {
      throw new BadInputException(file, row.text() + ": " + String.join("; ", differences));
    }
    List<SamplePairs.Sample> before =
        row.samples().stream()
            .map(
                sample ->
                    new SamplePairs.Sample(
                        sample.requests(),
                        sample.document(),
                        Optional.of(Measure.of(metric, sample.value(), sample.weight()))))
            .toList();
    List<SamplePairs.Sample> after = SamplePairs.samples(now, metric);
    after.forEach(sample -> scored(sample, now));
    SamplePairs samples = SamplePairs.of(before, after);
    if (samples.pairs().stream().noneMatch(pair -> pair.weightA() > 0)) {
      throw new BadInputException(
          file, row.text() + ": none of its samples was asked in " + now.folder());
    }
    return PairedDocuments.of(samples.pairs());
  }
}
