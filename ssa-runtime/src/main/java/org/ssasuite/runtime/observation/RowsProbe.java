package org.ssasuite.runtime.observation;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.operator.AskedInputs;

/**
 * What {@link RowsWatch}es ask: the rows of all sequences of a run together. Figures come back in
 * rows too, those of each sequence behind those of the one before.
 */
record RowsProbe(AttentionAsk ask) implements Probe {
  @Override
  public Map<String, OnnxTensor> inputs(List<Optional<Watch>> sequences) {
    return AskedInputs.of(
        ask,
        sequences.size(),
        (input, s) ->
            sequences.get(s).map(watch -> ((RowsWatch) watch).rows(input)).orElse(List.of()));
  }

  @Override
  public Set<String> outputs(int layers) {
    Set<String> names = new LinkedHashSet<>();
    IntStream.range(0, layers).forEach(layer -> names.add(ask.output(layer)));
    return names;
  }
}
