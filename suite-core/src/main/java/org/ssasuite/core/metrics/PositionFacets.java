package org.ssasuite.core.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;

/**
 * The loss per token by where in the document the token stands: facet {@code position} for ranges
 * (0, 1024], (1024, 2048], (2048, 4096], … of the token's number, counted from 1, and facet {@code
 * prefix} for the first 1,024, 2,048, 4,096, … tokens. The first token is not rated, so a prefix of
 * L tokens is the mean over L − 1 predictions.
 *
 * <p>Only what the same documents say at two positions can be compared, so a document has a part in
 * a range or prefix only if it fills it wholly. A curve over positions is free of the choice of
 * documents where all its points have the same count of them.
 */
public final class PositionFacets {
  private static final int SHORTEST_TOKENS = 1024;

  /** Twice this is no {@code int}. */
  private static final int LONGEST_TOKENS = 1 << 29;

  private PositionFacets() {}

  /**
   * The measures of one document, ranges first.
   *
   * @param rated all tokens of the document's beginning but the first
   * @param windowTokens the most tokens that the pass could read
   */
  public static List<Measure> of(RatedTokens rated, int windowTokens) {
    int first = rated.firstPosition();
    int end = Math.min(windowTokens, first + rated.size());
    List<Measure> ranges = new ArrayList<>();
    List<Measure> prefixes = new ArrayList<>();
    int from = 0;
    for (long to = SHORTEST_TOKENS; to <= end; to *= 2) {
      int until = (int) to;
      ranges.add(mean(rated, Math.max(from - first, 0), until - first).in(position(until)));
      prefixes.add(mean(rated, 0, until - first).in(prefix(until)));
      from = until;
    }
    ranges.addAll(prefixes);
    return ranges;
  }

  /** Where ranges and prefixes end, in tokens. */
  public static List<Integer> ends() {
    return Stream.iterate(SHORTEST_TOKENS, end -> end <= LONGEST_TOKENS, end -> 2 * end).toList();
  }

  /** The slice of the range that ends there. */
  public static Facet position(int end) {
    int from = end == SHORTEST_TOKENS ? 0 : end / 2;
    return new Facet("position", "(" + from + ", " + end + "]");
  }

  /** The slice of all tokens up to there. */
  public static Facet prefix(int end) {
    return new Facet("prefix", Integer.toString(end));
  }

  private static Measure mean(RatedTokens rated, int from, int to) {
    return Measure.of(LossMetrics.TOKEN_NATS, rated.nats(from, to) / (to - from), to - from);
  }
}
