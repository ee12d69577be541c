package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.report.Source;

/**
 * RULER's figures of one model in one mode: the tasks that it has at every length, averaged with
 * equal weights.
 *
 * <p>Definitions: Hsieh et al., arXiv:2404.06654. A length's score is the mean over tasks; {@code
 * wAvg. (inc)} weighs the lengths 1, 2, 3, … from the shortest on, {@code wAvg. (dec)} the other
 * way round; the effective length is the longest one whose score reaches 85.6, that of Llama-2-7B
 * at 4,096 tokens. The own-score form, after NoLiMa (arXiv:2502.05167), asks for 85 % of what the
 * model has at the length that it was trained on.
 *
 * @param trainedTokens length that the model was trained on
 * @param tasks that count, each of which has a score at each length
 * @param byLength mean over tasks in percent, shortest length first
 * @param sources the results that count
 */
record RulerScores(
    RulerRow.Contender contender,
    OptionalInt trainedTokens,
    Set<String> tasks,
    SortedMap<Integer, Double> byLength,
    List<Source> sources) {
  static final double EFFECTIVE = 85.6;

  static final double OWN_SHARE = 0.85;

  RulerScores {
    Objects.requireNonNull(contender);
    Objects.requireNonNull(trainedTokens);
    tasks = new TreeSet<>(tasks);
    byLength = new TreeMap<>(byLength);
    sources = List.copyOf(sources);
  }

  /** Of all models and modes with rows of RULER, in the rows' order. */
  static List<RulerScores> of(List<RulerRow> rows) {
    Map<RulerRow.Contender, List<RulerRow>> groups = new LinkedHashMap<>();
    for (RulerRow row : rows) {
      groups.computeIfAbsent(row.contender(), contender -> new ArrayList<>()).add(row);
    }
    return groups.values().stream().map(RulerScores::ofGroup).toList();
  }

  private static RulerScores ofGroup(List<RulerRow> rows) {
    SortedMap<Integer, Map<String, List<Double>>> values = new TreeMap<>();
    for (RulerRow row : rows) {
      values
          .computeIfAbsent(row.length(), length -> new TreeMap<>())
          .computeIfAbsent(row.task(), task -> new ArrayList<>())
          .add(row.score());
    }
    Set<String> everywhere = new TreeSet<>(values.get(values.firstKey()).keySet());
    values.values().forEach(ofLength -> everywhere.retainAll(ofLength.keySet()));
    SortedMap<Integer, Double> means = new TreeMap<>();
    if (!everywhere.isEmpty()) {
      values.forEach(
          (length, ofLength) ->
              means.put(
                  length,
                  mean(everywhere.stream().map(task -> mean(ofLength.get(task))).toList())));
    }
    RulerRow first = rows.get(0);
    return new RulerScores(
        first.contender(),
        first.reported().result().model().trainedTokens(),
        everywhere,
        means,
        rows.stream()
            .filter(row -> everywhere.contains(row.task()))
            .map(row -> row.reported().source())
            .toList());
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElseThrow();
  }

  /** Longer lengths weigh more. */
  OptionalDouble increasing() {
    return weighted(1, 1);
  }

  /** Shorter lengths weigh more. */
  OptionalDouble decreasing() {
    return weighted(byLength.size(), -1);
  }

  private OptionalDouble weighted(int first, int step) {
    double sum = 0;
    double weights = 0;
    int weight = first;
    for (double score : byLength.values()) {
      sum += weight * score;
      weights += weight;
      weight += step;
    }
    return weights > 0 ? OptionalDouble.of(sum / weights) : OptionalDouble.empty();
  }

  /** The longest length that reaches 85.6. */
  OptionalInt effectiveLength() {
    return longestFrom(EFFECTIVE);
  }

  /** The longest length that reaches 85 % of the own score; absent if that was not measured. */
  OptionalInt effectiveLengthByOwnScore() {
    if (trainedTokens.isEmpty() || !byLength.containsKey(trainedTokens.getAsInt())) {
      return OptionalInt.empty();
    }
    return longestFrom(OWN_SHARE * byLength.get(trainedTokens.getAsInt()));
  }

  private OptionalInt longestFrom(double least) {
    return byLength.entrySet().stream()
        .filter(entry -> entry.getValue() >= least)
        .mapToInt(Map.Entry::getKey)
        .max();
  }

  /** Mean over the lengths up to the training length. */
  OptionalDouble inside() {
    return trainedTokens.isEmpty()
        ? OptionalDouble.empty()
        : mean(byLength.headMap(trainedTokens.getAsInt() + 1));
  }

  /** Mean over the lengths beyond it. */
  OptionalDouble beyond() {
    return trainedTokens.isEmpty()
        ? OptionalDouble.empty()
        : mean(byLength.tailMap(trainedTokens.getAsInt() + 1));
  }

  private static OptionalDouble mean(SortedMap<Integer, Double> scores) {
    return scores.values().stream().mapToDouble(score -> score).average();
  }
}
