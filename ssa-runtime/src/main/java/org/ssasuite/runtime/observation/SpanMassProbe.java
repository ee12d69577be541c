package org.ssasuite.runtime.observation;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.operator.SpanInputs;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * How much of full attention's mass lies on stretches of a sequence, and how much of that where the
 * mode attends: per layer [R, HQ, 2] fp64, a row per sequence, query and stretch.
 */
record SpanMassProbe() implements Probe {
  @Override
  public Map<String, OnnxTensor> inputs(List<Optional<Watch>> sequences) {
    List<QueryRange> queries = new ArrayList<>();
    List<SpanInputs.KeySpan> spans = new ArrayList<>();
    for (int s = 0; s < sequences.size(); s++) {
      Optional<SpanMassWatch> watch = sequences.get(s).map(SpanMassWatch.class::cast);
      queries.add(watch.map(SpanMassWatch::queries).orElse(new QueryRange(0, 0)));
      int sequence = s;
      watch.stream()
          .flatMap(each -> each.spans().stream())
          .map(span -> new SpanInputs.KeySpan(sequence, span.from(), span.to()))
          .forEach(spans::add);
    }
    return SpanInputs.of(queries, spans);
  }

  @Override
  public Set<String> outputs(int layers) {
    Set<String> names = new LinkedHashSet<>();
    IntStream.range(0, layers).forEach(layer -> names.add(ObservedGraph.masses(layer)));
    return names;
  }

  /** A layer's figures of all sequences of a run. */
  static double[] masses(RunPart part, int layer) {
    return part.outputs().doubles(ObservedGraph.masses(layer));
  }

  /** The first row of the next sequence, which has so many. */
  static int firstRow(RunPart part, int rows) {
    return part.outputs().next(ObservedGraph.masses(0), rows);
  }
}
