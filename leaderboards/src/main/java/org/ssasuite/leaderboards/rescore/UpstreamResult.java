package org.ssasuite.leaderboards.rescore;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.ssasuite.tasks.longbench.LongBenchTasks.DataSetScore;

/**
 * The text of LongBench's {@code result.json}, byte for byte as Python's {@code json.dump(scores,
 * file, ensure_ascii=False, indent=4)} writes it, which ends without a line feed. A bucket without
 * a prediction is {@code NaN}, as there.
 */
final class UpstreamResult {
  private static final String INDENT = "    ";

  private UpstreamResult() {}

  static String of(List<DataSetScore> scores) {
    return scores.stream()
        .map(score -> INDENT + key(score.dataSet()) + value(score))
        .collect(Collectors.joining(",\n", "{\n", "\n}"));
  }

  private static String value(DataSetScore score) {
    return score.buckets().map(buckets -> nested(buckets)).orElseGet(() -> number(score.score()));
  }

  private static String nested(Map<String, OptionalDouble> buckets) {
    return buckets.entrySet().stream()
        .map(bucket -> INDENT + INDENT + key(bucket.getKey()) + bucketScore(bucket.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n" + INDENT + "}"));
  }

  private static String bucketScore(OptionalDouble score) {
    return score.isPresent() ? number(score.getAsDouble()) : "NaN";
  }

  private static String key(String name) {
    return "\"" + name + "\": ";
  }

  /** The shortest digits of a number with two decimals at most, and one decimal at least. */
  private static String number(double value) {
    BigDecimal digits = new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN);
    BigDecimal shortest = digits.stripTrailingZeros();
    return (shortest.scale() < 1 ? shortest.setScale(1, RoundingMode.UNNECESSARY) : shortest)
        .toPlainString();
  }
}
