package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Unscored;

/** Puts a task to a model: requests, answers, scores, one log line per sample, metrics. */
public final class TaskRunner<S extends Sample> {
  /** Some 16,000 to 32,000 tokens of text: a few runs of a model, seconds rather than minutes. */
  private static final long BATCH_CHARACTERS = 100_000;

  private static final double NANOS_PER_SECOND = 1e9;

  private final Task<S> task;
  private final LanguageModel model;
  private final SampleLog log;
  private final Optional<Observing> observing;
  private final TaskTally tally;

  private TaskRunner(
      Task<S> task, LanguageModel model, SampleLog log, Optional<Observing> observing) {
    this.task = task;
    this.model = model;
    this.log = log;
    this.observing = observing;
    this.tally = new TaskTally(task.aggregate());
  }

  /**
   * Runs a task's samples, or the first few of them. What the log holds already is counted and not
   * asked again.
   *
   * @param limit the most samples to run
   * @param batch the most samples whose requests are answered together; fewer where their text is
   *     long; never changes a result
   * @param progress counts samples that are not answered yet; advances by a batch at a time, as
   *     they are answered together
   * @throws BadInputException if the log holds other samples, the task has none, asks for an
   *     observation that the model cannot make (found before the first request is answered), or a
   *     line cannot be written
   * @throws IllegalStateException for a bug in task or model, naming task and sample
   */
  public static <S extends Sample> TaskResult run(
      Task<S> task,
      LanguageModel model,
      OptionalInt limit,
      int batch,
      SampleLog log,
      Progress progress) {
    return run(task, model, limit, batch, log, Optional.empty(), progress);
  }

  /**
   * The same, and notes of attention what is to be observed.
   *
   * @param observing what, and where it is noted
   */
  public static <S extends Sample> TaskResult run(
      Task<S> task,
      LanguageModel model,
      OptionalInt limit,
      int batch,
      SampleLog log,
      Optional<Observing> observing,
      Progress progress) {
    if (batch < 1 || (limit.isPresent() && limit.getAsInt() < 1)) {
      throw new IllegalArgumentException("batch " + batch + ", limit " + limit);
    }
    return new TaskRunner<>(task, model, log, observing).run(limit, batch, progress);
  }

  private TaskResult run(OptionalInt limit, int batch, Progress progress) {
    List<S> samples;
    try (Stream<S> all = task.samples()) {
      samples = all.limit(limit.isPresent() ? limit.getAsInt() : Long.MAX_VALUE).toList();
    }
    int answered = recount(samples);
    check(samples, answered);
    if (answered < samples.size()) {
      progress.begin(
          task.id().name() + ", " + model.card().name(), samples.size() - (long) answered);
      try {
        answerFrom(answered, samples, batch, progress);
      } finally {
        progress.end();
      }
    }
    TaskResult result =
        tally.result(
            model.card(),
            new TaskTally.Claim(task.id(), task.protocol(), task.dataDigest()),
            Optional.of(log.work()),
            Optional.of(log.seal()),
            log.seconds());
    return observing.map(notes -> result.with(notes.log().result())).orElse(result);
  }

  private void answerFrom(int first, List<S> samples, int batch, Progress progress) {
    int from = first;
    while (from < samples.size()) {
      int to = batchEnd(samples, from, batch);
      answer(samples.subList(from, to), progress);
      from = to;
    }
  }

  /** Whether a record is of this sample, and of what it asks. */
  public static <S extends Sample> boolean asks(Task<S> task, S sample, SampleRecord record) {
    return record.sample().equals(sample.id())
        && record.document().equals(sample.document())
        && record.requests().equals(digests(task.requests(sample)));
  }

  /** Counts what an interrupted run has answered; says how many samples that are. */
  private int recount(List<S> samples) {
    List<SampleRecord> answered = log.answered();
    if (answered.size() > samples.size()) {
      throw new BadInputException(
          log.file(),
          "has %d samples of %d; --fresh starts over".formatted(answered.size(), samples.size()));
    }
    for (int i = 0; i < answered.size(); i++) {
      SampleRecord record = answered.get(i);
      S sample = samples.get(i);
      if (!asks(task, sample, record)) {
        throw new BadInputException(
            log.file(),
            "line %d is not what sample %s asks; --fresh starts over"
                .formatted(i + 1, sample.id()));
      }
      tally.add(record);
    }
    return answered.size();
  }

  /**
   * Everything that can be known to be wrong before the first answer. Requests are made here once
   * more than needed: that is cheap, and keeping those of all samples would not be.
   */
  private void check(List<S> samples, int answered) {
    if (samples.isEmpty()) {
      throw new BadInputException("task " + task.id(), "has no samples");
    }
    Set<String> ids = new HashSet<>();
    for (S sample : samples) {
      if (!ids.add(sample.id())) {
        throw bug(sample, "is there twice", null);
      }
    }
    if (answered < samples.size()) {
      observing.ifPresent(notes -> requireObservable(notes.asked()));
    }
    for (S sample : samples.subList(answered, samples.size())) {
      List<Request<?>> requests = task.requests(sample);
      if (requests.isEmpty()) {
        throw bug(sample, "has no request", null);
      }
      requests.forEach(this::requireObservable);
    }
  }

  /** A model is not asked, and so perhaps not loaded, before a request observes something. */
  private void requireObservable(Request<?> request) {
    request.observe().observations().forEach(this::requireObservable);
  }

  private void requireObservable(Observation<?> asked) {
    if (!asked.optional() && !model.observes(asked)) {
      throw new BadInputException(
          "task " + task.id(),
          "needs " + asked.name() + ", which model " + model.card().name() + " cannot observe");
    }
  }

  /**
   * Behind the last sample of a batch: at most {@code batch} samples, and as many as a model has
   * good use for at once. More would only delay progress, and be lost if the run is killed.
   */
  private int batchEnd(List<S> samples, int from, int batch) {
    long characters = 0;
    int to = from;
    while (to < samples.size() && to - from < batch && characters < BATCH_CHARACTERS) {
      for (Request<?> request : task.requests(samples.get(to))) {
        characters += characters(request);
      }
      to++;
    }
    return to;
  }

  private static long characters(Request<?> request) {
    return request.fold(
        generate -> (long) generate.prompt().length(),
        continuation ->
            (long) continuation.context().length() + continuation.continuation().length(),
        document -> (long) document.text().length());
  }

  private void answer(List<S> samples, Progress progress) {
    List<List<Request<?>>> requests = new ArrayList<>();
    List<Request<?>> together = new ArrayList<>();
    for (S sample : samples) {
      List<Request<?>> own = task.requests(sample);
      requests.add(own);
      own.forEach(
          request ->
              together.add(observing.<Request<?>>map(n -> n.observed(request)).orElse(request)));
    }
    Work before = model.work();
    long start = System.nanoTime();
    List<Response> responses = model.answer(List.copyOf(together));
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    if (responses.size() != together.size()) {
      throw bug(
          samples.get(0),
          "is in a batch of " + together.size() + " requests with " + responses.size() + " answers",
          null);
    }
    int from = 0;
    for (int i = 0; i < samples.size(); i++) {
      int to = from + requests.get(i).size();
      finish(samples.get(i), requests.get(i), responses.subList(from, to));
      from = to;
    }
    observing.ifPresent(notes -> notes.log().commit());
    log.commit(model.work().since(before), seconds);
    progress.advance(samples.size());
  }

  private void finish(S sample, List<Request<?>> requests, List<Response> responses) {
    for (int i = 0; i < requests.size(); i++) {
      if (!requests.get(i).responseType().isInstance(responses.get(i))) {
        throw bug(
            sample,
            "asked for a "
                + requests.get(i).responseType().getSimpleName()
                + " and got a "
                + responses.get(i).getClass().getSimpleName(),
            null);
      }
    }
    observing.ifPresent(notes -> notes.note(sample, responses));
    log.append(record(sample, requests, responses));
  }

  private SampleRecord record(S sample, List<Request<?>> requests, List<Response> responses) {
    try {
      Score score =
          responses.stream()
              .flatMap(response -> response.failure().stream())
              .findFirst()
              .<Score>map(Unscored::new)
              .orElseGet(() -> task.score(sample, List.copyOf(responses)));
      SampleRecord record =
          new SampleRecord(
              sample.id(),
              sample.document(),
              digests(requests),
              score,
              score.fold(scored -> task.chance(sample), unscored -> OptionalDouble.empty()),
              responses.stream().mapToLong(response -> response.fit().usedTokens()).sum(),
              responses.stream().mapToLong(response -> response.fit().cutTokens()).sum());
      tally.add(record);
      return record;
    } catch (RuntimeException e) {
      // Scorers are pure: whatever they throw is a bug, and only here is the sample known.
      throw bug(sample, "cannot be scored: " + e.getMessage(), e);
    }
  }

  private static List<String> digests(List<Request<?>> requests) {
    return requests.stream().map(request -> Digests.sha256(RunJson.canonical(request))).toList();
  }

  private IllegalStateException bug(S sample, String fact, Throwable cause) {
    return new IllegalStateException(
        "sample " + sample.id() + " of task " + task.id() + " " + fact, cause);
  }
}
