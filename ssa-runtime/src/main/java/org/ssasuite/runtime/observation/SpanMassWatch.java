package org.ssasuite.runtime.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * Gathers the mass on stretches of a prompt over the steps of its answer, in their order, so that
 * the sums do not know where a chunk ends. The prompt's last token is the first step.
 */
final class SpanMassWatch implements RowsWatch {
  private static final int COLUMNS = 2;

  private final List<TokenSpan> spans;
  private final QueryRange queries;
  private final int layers;
  private final int heads;
  private final boolean selects;

  /** Per stretch [layers · HQ]. */
  private final double[][] largest;

  private final double[][] attended;
  private final double[][] sums;
  private int steps;

  private SpanMassWatch(
      List<TokenSpan> spans, QueryRange queries, ModelConfig config, boolean selects) {
    this.spans = List.copyOf(spans);
    this.queries = queries;
    this.layers = config.layers();
    this.heads = config.queryHeads();
    this.selects = selects;
    int figures = layers * heads;
    this.largest = new double[spans.size()][figures];
    this.attended = new double[spans.size()][figures];
    this.sums = new double[spans.size()][figures];
  }

  /** Of a generation; absent where its prompt is cut: a stretch may not be there. */
  static Optional<SpanMassWatch> of(SpanMassObservation asked, Scene scene) {
    if (!scene.writing()) {
      throw new BadInputException("rating", "stretches are observed in a generation's prompt only");
    }
    if (scene.cut()) {
      return Optional.empty();
    }
    int[] textEnds = scene.textEnds().get();
    List<TokenSpan> spans =
        asked.spans().stream().map(span -> TokenSpan.of(span, textEnds)).toList();
    boolean selects = !(scene.mode() instanceof Full);
    return Optional.of(new SpanMassWatch(spans, scene.answering(), scene.config(), selects));
  }

  /** Of one sequence: a generation has no more. */
  static Optional<SpanMassObservation.Masses> observed(List<SpanMassWatch> sequences) {
    List<SpanMass> masses = sequences.stream().flatMap(each -> each.masses().stream()).toList();
    return masses.isEmpty()
        ? Optional.empty()
        : Optional.of(new SpanMassObservation.Masses(masses));
  }

  @Override
  public AttentionAsk ask() {
    return AttentionAsk.SPAN_MASSES;
  }

  @Override
  public List<long[]> rows(AttentionAsk.Input input) {
    return input.rowPerSequence()
        ? List.of(new long[] {queries.from(), queries.to()})
        : spans.stream().map(span -> new long[] {span.from(), span.to()}).toList();
  }

  @Override
  public boolean looksAt(QueryRange positions) {
    return queries.within(positions).queries() > 0;
  }

  /** Two prompts that are the same have one last token, and may ask for different stretches. */
  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void take(RunPart part) {
    int asked = queries.within(part.positions()).queries();
    int first = part.firstFigure(ask(), asked * spans.size());
    for (int layer = 0; layer < layers; layer++) {
      double[] masses = part.figures(ask(), layer);
      for (int row = 0; row < asked * spans.size(); row++) {
        note(row % spans.size(), layer, masses, (first + row) * heads * COLUMNS);
      }
    }
    steps += asked;
  }

  private void note(int span, int layer, double[] masses, int from) {
    for (int head = 0; head < heads; head++) {
      double mass = masses[from + COLUMNS * head];
      int at = layer * heads + head;
      sums[span][at] += mass;
      // A figure that is no number stays one.
      if (!(mass <= largest[span][at])) {
        largest[span][at] = mass;
        attended[span][at] = masses[from + COLUMNS * head + 1];
      }
    }
  }

  /** One entry per stretch; none before the first step. */
  private List<SpanMass> masses() {
    List<SpanMass> masses = new ArrayList<>();
    for (int i = 0; i < spans.size() && steps > 0; i++) {
      double[] means = sums[i].clone();
      for (int at = 0; at < means.length; at++) {
        means[at] /= steps;
      }
      masses.add(
          new SpanMass(
              steps,
              byLayer(largest[i]),
              byLayer(means),
              selects ? Optional.of(byLayer(attended[i])) : Optional.empty()));
    }
    return masses;
  }

  private List<List<Double>> byLayer(double[] figures) {
    List<List<Double>> byLayer = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      List<Double> ofHeads = new ArrayList<>();
      for (int head = 0; head < heads; head++) {
        ofHeads.add(figures[layer * heads + head]);
      }
      byLayer.add(ofHeads);
    }
    return byLayer;
  }
}
