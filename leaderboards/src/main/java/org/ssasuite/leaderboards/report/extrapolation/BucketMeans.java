package org.ssasuite.leaderboards.report.extrapolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.run.SampleFigures.Figure;
import org.ssasuite.core.run.SampleFigures.Mean;
import org.ssasuite.core.run.attention.WatchedRow;
import org.ssasuite.core.run.attention.WatchedRow.WatchedSample;

/**
 * Statistics of a row by length and document. A stretch's statistics are by bucket of query
 * positions over all its passes together; the queries of length L stand at positions up to L − 2,
 * so that a bucket that holds those of one length alone says what was at that length. Immutable.
 */
final class BucketMeans {
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?:[a-z]+_)?(?:first_1|first_64|entropy_bits|entropy_normalised"
              + "|(?:captured|captured_best)_[0-9]+x[0-9]+)");

  /** Of a stretch. */
  private static final int RATED = 512;

  /** Statistic, length, document. */
  private final Map<String, TreeMap<Integer, Map<String, Mean>>> means = new LinkedHashMap<>();

  private BucketMeans() {}

  static BucketMeans of(WatchedRow row, List<Integer> lengths) {
    BucketMeans all = new BucketMeans();
    for (WatchedSample sample : row.samples()) {
      for (Figure figure : sample.figures().figures()) {
        Optional<Integer> length =
            figure.key().positions().flatMap(positions -> alone(positions, lengths));
        if (length.isPresent() && SHOWN.matcher(figure.key().statistic()).matches()) {
          all.means
              .computeIfAbsent(figure.key().statistic(), any -> new TreeMap<>())
              .computeIfAbsent(length.get(), any -> new TreeMap<>())
              .computeIfAbsent(sample.document(), any -> new Mean())
              .add(figure.value(), figure.queries());
        }
      }
    }
    return all;
  }

  /** The one length whose queries lie in a bucket, all of them. */
  private static Optional<Integer> alone(Positions bucket, List<Integer> lengths) {
    List<Integer> inside = new ArrayList<>();
    for (int length : lengths) {
      if (firstQuery(length) < bucket.to() && length - 1 > bucket.from()) {
        inside.add(length);
      }
    }
    return inside.size() == 1
            && firstQuery(inside.get(0)) >= bucket.from()
            && inside.get(0) - 1 <= bucket.to()
        ? Optional.of(inside.get(0))
        : Optional.empty();
  }

  /** Where the first query of a length's passes stands: half of it is rated at most, 512 tokens. */
  private static int firstQuery(int length) {
    return length - 1 - Math.min(RATED, length / 2);
  }

  Set<String> statistics() {
    return means.keySet();
  }

  Set<Integer> lengths(String statistic) {
    return new TreeSet<>(means.getOrDefault(statistic, new TreeMap<>()).keySet());
  }

  /** Means by document; empty where the length has none of its own. */
  Map<String, Double> byDocument(String statistic, int length) {
    Map<String, Double> documents = new TreeMap<>();
    means
        .getOrDefault(statistic, new TreeMap<>())
        .getOrDefault(length, Map.of())
        .forEach((document, mean) -> documents.put(document, mean.value()));
    return documents;
  }
}
