package org.ssasuite.leaderboards.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunManifest;
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
 * @param notes differences that were allowed, and what else a reader has to know
 */
record Gate(GateTerms terms, List<RowJudgement> rows, List<String> notes) {
  Gate {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
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
   * @throws BadInputException if it has none, samples without a score or twice the same sample, or
   *     its files carry no digests
   */
  static Baseline baseline(CheckedRun run) {
    List<Baseline.Row> kept = new ArrayList<>();
    for (RunRow row : RunRow.of(run.requireSealed())) {
      Optional<MetricResult> headline = row.headline().filter(Gate::isPerplexity);
      if (headline.isPresent()) {
        kept.add(row(row, headline.get().metric()));
      }
    }
    if (kept.isEmpty()) {
      throw new BadInputException(run.folder(), "has no task whose headline is a perplexity");
    }
    RunManifest manifest = run.result().manifest();
    return new Baseline(
        Baseline.SCHEMA, manifest.version(), manifest.commit(), kept, Optional.empty());
  }

  static boolean isPerplexity(MetricResult headline) {
    return headline.transform().equals(Optional.of(Transform.EXP));
  }

  private static Baseline.Row row(RunRow row, String metric) {
    List<Baseline.Sample> samples = new ArrayList<>();
    for (SamplePairs.Sample sample : scored(row, metric)) {
      Measure headline = sample.headline().orElseThrow();
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

  /** All samples of a row, each with a score, none twice. */
  static List<SamplePairs.Sample> scored(RunRow row, String metric) {
    List<SamplePairs.Sample> samples = SamplePairs.samples(row, metric);
    Set<List<String>> asked = new HashSet<>();
    for (SamplePairs.Sample sample : samples) {
      String fact =
          sample.headline().isEmpty()
              ? " has no score; a gate needs all"
              : asked.add(List.of(sample.requests(), sample.document())) ? "" : " is there twice";
      if (!fact.isEmpty()) {
        throw new BadInputException(
            row.folder(), row.text() + ": a sample of document " + sample.document() + fact);
      }
    }
    return samples;
  }

  /**
   * Holds a run against a baseline.
   *
   * @param file the baseline's, for messages
   * @throws BadInputException if the run's files carry no digests, a row of the baseline is not in
   *     the run, or stands on other data, protocol, mode, facts of the model or weights there
   */
  static Gate of(Baseline baseline, Path file, CheckedRun run, GateTerms terms) {
    List<RunRow> rows = RunRow.of(run.requireSealed());
    List<RowPairs.RowPair<Baseline.Row>> pairs =
        RowPairs.ofSameModes(
            baseline.rows(),
            row -> new RowPairs.Key(row.model(), row.mode(), row.task().name()),
            rows);
    for (Baseline.Row row : baseline.rows()) {
      if (pairs.stream().noneMatch(pair -> pair.a().equals(row))) {
        throw new BadInputException(
            file,
            "the run has no row for "
                + row.text()
                + "; it has "
                + String.join(", ", rows.stream().map(RunRow::text).toList()));
      }
    }
    boolean first = baseline.schema().equals(Baseline.FIRST_SCHEMA);
    List<String> notes = new ArrayList<>();
    if (first) {
      notes.add(
          "The baseline is of an earlier version: it carries no digest and names no device; "
              + "--write makes a new one");
    }
    List<RowJudgement> judged = new ArrayList<>();
    for (RowPairs.RowPair<Baseline.Row> pair : pairs) {
      PairedRow paired = PairedRow.of(pair.a(), first, file, pair.b(), terms.allowed());
      notes.addAll(paired.notes());
      judged.add(RowJudgement.of(pair.a(), paired.documents(), terms, baseline.rows().size()));
    }
    return new Gate(terms, judged, notes);
  }
}
