package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * What the attention operator gets where masses on stretches of keys are asked for.
 *
 * @param queries [S] of each sequence, by position within it
 * @param spans by sequence
 * @param forced by sequence; none in full mode
 */
record AttentionSpansInputs(
    AttentionInputs attention,
    List<QueryRange> queries,
    List<KeySpan> spans,
    List<ForcedBlock> forced) {
  AttentionSpansInputs {
    queries = List.copyOf(queries);
    spans = List.copyOf(spans);
    forced = List.copyOf(forced);
  }

  /** A stretch of a sequence's keys, from one to the one behind its last, by position. */
  record KeySpan(int sequence, int from, int to) {}

  /** A block of a sequence that is taken before others, by queries from one on. */
  record ForcedBlock(int sequence, int block, int firstQuery) {}

  Map<String, OnnxTensor> values() {
    int sequences = queries.size();
    Map<String, OnnxTensor> values = new LinkedHashMap<>();
    values.putAll(
        AskedInputs.of(
            AttentionAsk.SPAN_MASSES,
            sequences,
            (input, s) ->
                input.rowPerSequence()
                    ? List.of(new long[] {queries.get(s).from(), queries.get(s).to()})
                    : spansOf(s)));
    values.putAll(AskedInputs.of(AttentionAsk.FORCED_BLOCKS, sequences, (input, s) -> forcedOf(s)));
    return values;
  }

  private List<long[]> spansOf(int s) {
    return spans.stream()
        .filter(span -> span.sequence() == s)
        .map(span -> new long[] {span.from(), span.to()})
        .toList();
  }

  private List<long[]> forcedOf(int s) {
    return forced.stream()
        .filter(block -> block.sequence() == s)
        .map(block -> new long[] {block.block(), block.firstQuery()})
        .toList();
  }

  AskedOutputs run(OperatorSession session) {
    return session.asked(attention, AttentionAsk.SPAN_MASSES, values());
  }
}
