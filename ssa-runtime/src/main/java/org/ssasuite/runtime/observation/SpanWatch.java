package org.ssasuite.runtime.observation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.SpanSelection;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * Notes at each step of a generation which stretches of its prompt lie in a selected block. The
 * prompt's last token is the first step, wherever its run begins.
 */
final class SpanWatch implements Watch {
  private final List<TokenSpan> spans;
  private final int blockSize;
  private final int kvHeads;
  private final int layers;
  private final int firstStep;
  private final List<BitSet> taken = new ArrayList<>();
  private int steps;

  private SpanWatch(List<TokenSpan> spans, int blockSize, ModelConfig config, int firstStep) {
    this.spans = List.copyOf(spans);
    this.blockSize = blockSize;
    this.kvHeads = config.kvHeads();
    this.layers = config.layers();
    this.firstStep = firstStep;
    spans.forEach(span -> taken.add(new BitSet()));
  }

  /** Of a generation, whose first step is the prompt's last token. */
  static Optional<SpanWatch> of(SpanObservation asked, Scene scene) {
    if (!scene.writing()) {
      throw new BadInputException("rating", "stretches are observed in a generation's prompt only");
    }
    int[] textEnds = scene.textEnds().get();
    List<TokenSpan> spans =
        asked.spans().stream().map(span -> TokenSpan.of(span, textEnds)).toList();
    OptionalInt size = ModeCode.blockSize(scene.mode());
    return size.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SpanWatch(spans, size.getAsInt(), scene.config(), scene.answering().from()));
  }

  /** Of one sequence: a generation has no more. */
  static Optional<SpanObservation.Taken> observed(List<SpanWatch> sequences) {
    List<SpanSelection> spans =
        sequences.stream().flatMap(each -> each.selections().stream()).toList();
    return spans.isEmpty() ? Optional.empty() : Optional.of(new SpanObservation.Taken(spans));
  }

  @Override
  public Probe probe() {
    return new SelectionProbe();
  }

  @Override
  public boolean looksAt(QueryRange positions) {
    return positions.queriesFrom(firstStep) > 0;
  }

  /** It looks at the last token of a prompt and at what follows, which nobody shares. */
  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public void take(RunPart part) {
    int width = SelectionProbe.width(part);
    QueryRange positions = part.positions();
    for (int at = Math.max(firstStep, positions.from()); at < positions.to(); at++) {
      int row = (part.firstRow() + at - positions.from()) * kvHeads;
      for (int layer = 0; layer < layers; layer++) {
        note(layer, SelectionProbe.blocks(part, layer), row, width);
      }
      steps++;
    }
  }

  private void note(int layer, int[] blocks, int row, int width) {
    for (int head = 0; head < kvHeads; head++) {
      int bit = (steps * layers + layer) * kvHeads + head;
      for (int i = 0; i < spans.size(); i++) {
        if (holds(spans.get(i), blocks, (row + head) * width, (row + head + 1) * width)) {
          taken.get(i).set(bit);
        }
      }
    }
  }

  private boolean holds(TokenSpan span, int[] blocks, int from, int to) {
    int first = span.from() / blockSize;
    int last = (span.to() - 1) / blockSize;
    for (int i = from; i < to; i++) {
      if (blocks[i] >= first && blocks[i] <= last) {
        return true;
      }
    }
    return false;
  }

  /** One entry per stretch; none before the first step. */
  private List<SpanSelection> selections() {
    if (steps == 0) {
      return List.of();
    }
    return taken.stream().map(bits -> new SpanSelection(steps, layers, kvHeads, bits)).toList();
  }
}
