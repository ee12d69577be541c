package org.ssasuite.core.run.attention;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.run.SampleFigures;
import org.ssasuite.core.run.SampleFigures.Figure;
import org.ssasuite.core.run.SampleFigures.Mean;
import org.ssasuite.core.run.attention.WatchedRow.WatchedSample;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.PairedDocuments.Pair;

/**
 * One statistic of two rows on the samples that both were asked: B − A, a document counting once
 * with the mean of its samples by their queries, as in each row by itself.
 *
 * @param positions of the queries, as {@code 0:1024}; absent: all
 * @param paired the documents' means
 * @param samples in which it was seen on both sides
 */
public record AttentionDifference(
    String statistic, Optional<String> positions, PairedDocuments paired, int samples) {
  private static final double LEVEL = 0.95;

  /** That of scores: the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  public AttentionDifference {
    Objects.requireNonNull(statistic);
    Objects.requireNonNull(positions);
    Objects.requireNonNull(paired);
  }

  /** Of the difference, over documents; made when it is asked for, which takes a while. */
  public Interval interval() {
    return SampleFigures.rangeOf(statistic)
        .ofDifference(paired.interval(LEVEL, BOOTSTRAP_SEED), paired.difference());
  }

  /** Sums of one document on both sides. Mutable. */
  private static final class Sides {
    final Mean a = new Mean();
    final Mean b = new Mean();
  }

  /**
   * All statistics that both rows have, those over all positions first. Samples belong together by
   * the digests of what they asked; of several that asked the same, the first to the first. A
   * sample in which only one side saw a statistic does not count for it.
   */
  public static List<AttentionDifference> of(WatchedRow a, WatchedRow b) {
    Map<String, Deque<WatchedSample>> asked = new HashMap<>();
    for (WatchedSample sample : b.samples()) {
      asked.computeIfAbsent(sample.requests(), requests -> new ArrayDeque<>()).add(sample);
    }
    Map<SampleFigures.Key, Map<String, Sides>> means = new LinkedHashMap<>();
    for (WatchedSample first : a.samples()) {
      Deque<WatchedSample> same = asked.get(first.requests());
      if (same != null && !same.isEmpty()) {
        add(first, same.remove(), means);
      }
    }
    List<AttentionDifference> differences = new ArrayList<>();
    for (boolean bucket : new boolean[] {false, true}) {
      means.forEach(
          (key, documents) -> {
            if (key.positions().isPresent() == bucket) {
              differences.add(of(key, documents));
            }
          });
    }
    return differences;
  }

  private static void add(
      WatchedSample a, WatchedSample b, Map<SampleFigures.Key, Map<String, Sides>> means) {
    Map<SampleFigures.Key, Figure> ofB = new HashMap<>();
    b.figures().figures().forEach(figure -> ofB.put(figure.key(), figure));
    for (Figure figure : a.figures().figures()) {
      Figure other = ofB.get(figure.key());
      if (other != null) {
        Sides sides =
            means
                .computeIfAbsent(figure.key(), key -> new LinkedHashMap<>())
                .computeIfAbsent(a.document(), document -> new Sides());
        sides.a.add(figure.value(), figure.queries());
        sides.b.add(other.value(), other.queries());
      }
    }
  }

  private static AttentionDifference of(SampleFigures.Key key, Map<String, Sides> documents) {
    List<Pair> pairs = new ArrayList<>();
    documents.forEach(
        (document, sides) -> pairs.add(new Pair(document, sides.a.value(), 1, sides.b.value(), 1)));
    return new AttentionDifference(
        key.statistic(),
        key.positions().map(Positions::text),
        PairedDocuments.of(pairs),
        documents.values().stream().mapToInt(sides -> sides.a.samples()).sum());
  }
}
