package org.ssasuite.runtime.observation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.SpanSelection;
import org.ssasuite.runtime.Device;

/** Whether stretches of a generation's prompt were taken, in modes that select blocks. */
final class SpanWatcher implements Watcher<SpanObservation.Taken, SpanObservation, SpanWatch> {
  @Override
  public Class<SpanObservation> asked() {
    return SpanObservation.class;
  }

  @Override
  public boolean on(Device device) {
    return true;
  }

  @Override
  public Optional<SpanWatch> watch(SpanObservation asked, Scene scene) {
    if (!scene.writing()) {
      throw new BadInputException("rating", "stretches are observed in a generation's prompt only");
    }
    int[] textEnds = scene.textEnds().get();
    List<TokenSpan> spans =
        asked.spans().stream().map(span -> TokenSpan.of(span, textEnds)).toList();
    OptionalInt size = SpanWatch.blockSize(scene.mode());
    return size.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SpanWatch(spans, size.getAsInt(), scene.config(), scene.answering().from()));
  }

  /** A generation is one sequence. */
  @Override
  public Optional<SpanObservation.Taken> observed(List<SpanWatch> watches) {
    List<SpanSelection> spans =
        watches.stream().flatMap(watch -> watch.selections().stream()).toList();
    return spans.isEmpty() ? Optional.empty() : Optional.of(new SpanObservation.Taken(spans));
  }
}
