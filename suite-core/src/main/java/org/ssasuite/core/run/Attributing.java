package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.FailureClass;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/**
 * What a run notes of needles beside a task's answers. The task's own requests, and their answers,
 * stay what they are: samples that the selection lost are asked once more, with the blocks of their
 * needles forced into the selection, and what comes of that is noted here alone.
 */
public record Attributing(AttributionLog log) {
  /** Any: it says what a model has to be able to tell. */
  static final SpanMassObservation NEEDED = new SpanMassObservation(List.of(new TextSpan(0, 1)));

  public Attributing {
    Objects.requireNonNull(log);
  }

  <S extends Sample> Request<?> observed(Task<S> task, S sample, Request<?> request) {
    Optional<Needles> needles = task.needles(sample);
    return needles.isPresent() && request instanceof Generate
        ? request.observing(new SpanMassObservation(spans(needles.get())))
        : request;
  }

  private static List<TextSpan> spans(Needles needles) {
    return needles.all().stream().map(Needle::span).toList();
  }

  /** A sample that is to be asked again. */
  private record Lost(int number, Needles needles, Generate request) {}

  /** Notes a batch's samples, in their order. */
  <S extends Sample> void note(Task<S> task, LanguageModel model, List<Exchange<S>> batch) {
    List<AttributionRecord> records = new ArrayList<>();
    List<Lost> lost = new ArrayList<>();
    for (Exchange<S> exchange : batch) {
      S sample = exchange.sample();
      AttributionRecord record = record(task, sample, exchange.responses());
      if (record.failure().equals(Optional.of(FailureClass.SELECTION_LOST))) {
        Needles needles = task.needles(sample).orElseThrow();
        Generate request = (Generate) task.requests(sample).get(0);
        lost.add(new Lost(records.size(), needles, request.attending(spans(needles))));
      }
      records.add(record);
    }
    List<Response> answers =
        lost.isEmpty()
            ? List.of()
            : model.answer(lost.stream().<Request<?>>map(Lost::request).toList());
    for (int i = 0; i < lost.size(); i++) {
      Lost again = lost.get(i);
      records.set(
          again.number(),
          records.get(again.number()).askedAgain(found(again, (Generation) answers.get(i))));
    }
    records.forEach(log::append);
  }

  /** An answer that failed finds nothing. */
  private static List<Boolean> found(Lost lost, Generation answer) {
    return answer.failure().isEmpty()
        ? lost.needles().found(answer)
        : lost.needles().all().stream().map(needle -> false).toList();
  }

  private static <S extends Sample> AttributionRecord record(
      Task<S> task, S sample, List<Response> responses) {
    Optional<Needles> needles = task.needles(sample);
    if (needles.isEmpty() || !(responses.get(0) instanceof Generation answer)) {
      return AttributionRecord.nothing(sample.id(), sample.document());
    }
    List<SpanMass> masses =
        answer
            .observations()
            .flatMap(all -> all.of(SpanMassObservation.Masses.class))
            .map(SpanMassObservation.Masses::spans)
            .orElse(List.of());
    if (answer.failure().isPresent()
        || masses.isEmpty()
        || !masses.stream().allMatch(Attributing::isFinite)) {
      return AttributionRecord.nothing(sample.id(), sample.document());
    }
    return AttributionRecord.of(
        sample.id(), sample.document(), needles.get().all(), needles.get().found(answer), masses);
  }

  /** A model whose numbers are none has no answer either. */
  private static boolean isFinite(SpanMass mass) {
    return mass.largest().stream().flatMap(List::stream).allMatch(Double::isFinite)
        && mass.mean().stream().flatMap(List::stream).allMatch(Double::isFinite);
  }
}
