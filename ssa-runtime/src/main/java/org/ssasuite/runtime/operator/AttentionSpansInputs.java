package org.ssasuite.runtime.operator;

import java.util.List;
import java.util.Objects;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * What the attention operator gets where masses on stretches of keys are asked for.
 *
 * @param queries [S] of each sequence, by position within it
 * @param spans by sequence
 * @param forced by sequence; none in full mode
 */
public record AttentionSpansInputs(
    AttentionInputs attention,
    List<QueryRange> queries,
    List<SpanInputs.KeySpan> spans,
    List<SpanInputs.ForcedBlock> forced) {
  public AttentionSpansInputs {
    Objects.requireNonNull(attention);
    queries = List.copyOf(queries);
    spans = List.copyOf(spans);
    forced = List.copyOf(forced);
  }
}
