package org.ssasuite.leaderboards.compare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.statistics.PairedDocuments.Pair;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Scored;

/**
 * The samples that two rows have in common: those that asked the same, by the digests of their
 * requests. Of several that asked the same, the first belongs to the first.
 *
 * @param pairs the headline's value and weight on both sides
 * @param onlyA samples that only the first row has
 * @param onlyB samples that only the second row has
 * @param unscored pairs of which a side has no score
 */
public record SamplePairs(List<Pair> pairs, int onlyA, int onlyB, int unscored) {
  public SamplePairs {
    pairs = List.copyOf(pairs);
  }

  /**
   * What a sample's headline comes to.
   *
   * @param requests one digest over all that it asked
   * @param headline absent if the sample has no score
   */
  public record Sample(String requests, String document, Optional<Measure> headline) {
    /**
     * A sample of a log.
     *
     * @throws BadInputException if it has a score without the headline
     */
    public static Sample of(SampleRecord record, String metric, RunRow row) {
      return new Sample(
          Digests.sha256(String.join("\n", record.requests())),
          record.document(),
          record
              .score()
              .fold(
                  scored -> Optional.of(headline(scored, metric, record, row)),
                  unscored -> Optional.empty()));
    }

    private static Measure headline(Scored scored, String metric, SampleRecord record, RunRow row) {
      return scored.measures().stream()
          .filter(measure -> measure.facet().isEmpty() && measure.metric().equals(metric))
          .findFirst()
          .orElseThrow(
              () ->
                  new BadInputException(
                      row.folder(),
                      row.text() + ": sample " + record.sample() + " has no " + metric));
    }
  }

  /**
   * All samples of a row.
   *
   * @param metric the headline
   */
  public static List<Sample> samples(RunRow row, String metric) {
    return row.samples().stream().map(record -> Sample.of(record, metric, row)).toList();
  }

  /**
   * Pairs what belongs together, in the order of the first side.
   *
   * @param place what the pairs are of, for messages
   * @throws BadInputException if one side gives a sample a weight and the other none
   */
  public static SamplePairs of(List<Sample> a, List<Sample> b, String place) {
    Map<String, Deque<Sample>> asked = new HashMap<>();
    for (Sample sample : b) {
      asked.computeIfAbsent(sample.requests(), requests -> new ArrayDeque<>()).add(sample);
    }
    List<Pair> pairs = new ArrayList<>();
    int onlyA = 0;
    int unscored = 0;
    for (Sample first : a) {
      Deque<Sample> same = asked.get(first.requests());
      if (same == null || same.isEmpty()) {
        onlyA++;
        continue;
      }
      Sample second = same.remove();
      if (first.headline().isEmpty() || second.headline().isEmpty()) {
        unscored++;
        continue;
      }
      Measure before = first.headline().get();
      Measure after = second.headline().get();
      if ((before.weight() == 0) != (after.weight() == 0)) {
        throw new BadInputException(
            place,
            "a sample of document %s has weight %s on one side, %s on the other"
                .formatted(first.document(), before.weight(), after.weight()));
      }
      pairs.add(
          new Pair(
              first.document(), before.value(), before.weight(), after.value(), after.weight()));
    }
    int onlyB = asked.values().stream().mapToInt(Deque::size).sum();
    return new SamplePairs(pairs, onlyA, onlyB, unscored);
  }
}
