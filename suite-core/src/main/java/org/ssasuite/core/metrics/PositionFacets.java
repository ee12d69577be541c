package org.ssasuite.core.metrics;

import java.util.ArrayList;
import java.util.List;
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
      ranges.add(
          mean(rated, Math.max(from - first, 0), until - first)
              .in(new Facet("position", "(" + from + ", " + until + "]")));
      prefixes.add(mean(rated, 0, until - first).in(new Facet("prefix", Integer.toString(until))));
      from = until;
    }
    ranges.addAll(prefixes);
    return ranges;
  }

  private static Measure mean(RatedTokens rated, int from, int to) {
    return Measure.of(LossMetrics.TOKEN_NATS, rated.nats(from, to) / (to - from), to - from);
  }
}
