package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.unit.Batches;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/** Puts a task to a model: requests, answers, scores, one log line per sample, metrics. */
public final class TaskRunner<S extends Sample> {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Task<S> task;
  private final LanguageModel model;
  private final SampleLog log;
  private final Optional<Observing> observing;
  private final Optional<Attributing> attributing;
  private final TaskTally tally;

  private TaskRunner(Task<S> task, LanguageModel model, SampleLog log, Notes notes) {
    this.task = task;
    this.model = model;
    this.log = log;
    this.observing = notes.statistics();
    this.attributing = notes.attribution();
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
    return run(task, model, limit, batch, log, new Notes(observing, Optional.empty()), progress);
  }

  /**
   * The same, and notes beside the samples what else is to be noted.
   *
   * @param notes what, and where
   */
  public static <S extends Sample> TaskResult run(
      Task<S> task,
      LanguageModel model,
      OptionalInt limit,
      int batch,
      SampleLog log,
      Notes notes,
      Progress progress) {
    if (batch < 1 || (limit.isPresent() && limit.getAsInt() < 1)) {
      throw new IllegalArgumentException("batch " + batch + ", limit " + limit);
    }
    return new TaskRunner<>(task, model, log, notes).run(limit, batch, progress);
  }

  /**
   * Answers some of a task's samples, for a run that others have a part in: they have a log, but no
   * result.
   *
   * @param units each of them is answered together
   * @return how many of the samples have no score
   * @throws BadInputException as {@link #run}
   */
  public static <S extends Sample> int answer(
      Task<S> task,
      LanguageModel model,
      List<SampleRange> units,
      SampleLog log,
      Notes notes,
      Progress progress) {
    TaskRunner<S> runner = new TaskRunner<>(task, model, log, notes);
    return runner.answerUnits(runner.first(units.get(units.size() - 1).to()), units, progress);
  }

  /**
   * The same of samples that are at hand: not all tasks can give theirs at no cost.
   *
   * @param all the task's, from the first to the last of the units' at least
   */
  public static <S extends Sample> int answer(
      Task<S> task,
      LanguageModel model,
      List<S> all,
      List<SampleRange> units,
      SampleLog log,
      Notes notes,
      Progress progress) {
    return new TaskRunner<>(task, model, log, notes).answerUnits(all, units, progress);
  }

  private TaskResult run(OptionalInt limit, int batch, Progress progress) {
    List<S> samples = first(limit.isPresent() ? limit.getAsInt() : Long.MAX_VALUE);
    int answered = recount(samples);
    check(samples, answered);
    answerBatches(
        samples, Batches.of(task, samples, answered, batch, model.leastTogether()), progress);
    tally.answered(log.elsewhere());
    observing.ifPresent(notes -> tally.saw(notes.log().result()));
    attributing.ifPresent(notes -> tally.attributed(notes.log().result()));
    return tally.result(
        model.card(),
        new TaskTally.Claim(task.id(), task.protocol(), task.dataDigest()),
        Optional.of(log.work()),
        Optional.of(log.seal()),
        log.seconds());
  }

  private int answerUnits(List<S> all, List<SampleRange> units, Progress progress) {
    List<S> samples = new ArrayList<>();
    List<SampleRange> batches = new ArrayList<>();
    for (SampleRange unit : units) {
      batches.add(new SampleRange(samples.size(), samples.size() + unit.size()));
      samples.addAll(all.subList(unit.from(), unit.to()));
    }
    int answered = recount(samples);
    check(samples, answered);
    answerBatches(
        samples, batches.stream().filter(unit -> unit.from() >= answered).toList(), progress);
    return tally.unscored();
  }

  private List<S> first(long most) {
    try (Stream<S> all = task.samples()) {
      return all.limit(most).toList();
    }
  }

  /** Answers batches that follow upon each other, up to the last sample. */
  private void answerBatches(List<S> samples, List<SampleRange> batches, Progress progress) {
    if (batches.isEmpty()) {
      return;
    }
    progress.begin(
        task.id().name() + ", " + model.card().name(),
        samples.size() - (long) batches.get(0).from());
    try {
      for (int i = 0; i < batches.size(); i++) {
        if (i + 1 < batches.size()) {
          model.expect(
              within(samples, batches.get(i + 1)).stream()
                  .<Request<?>>flatMap(sample -> task.requests(sample).stream())
                  .toList());
        }
        answer(within(samples, batches.get(i)), progress);
      }
    } finally {
      progress.end();
    }
  }

  private static <T> List<T> within(List<T> samples, SampleRange range) {
    return samples.subList(range.from(), range.to());
  }

  /** Whether a record is of this sample, and of what it asks. */
  public static <S extends Sample> boolean asks(Task<S> task, S sample, SampleRecord record) {
    return record.sample().equals(sample.id())
        && record.document().equals(sample.document())
        && record.requests().equals(Exchange.digests(task, sample));
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
        throw bug(sample, "is there twice");
      }
    }
    if (answered < samples.size()) {
      observing.ifPresent(notes -> requireObservable(notes.asked()));
      attributing.ifPresent(notes -> requireObservable(Attributing.NEEDED));
    }
    for (S sample : samples.subList(answered, samples.size())) {
      List<Request<?>> requests = task.requests(sample);
      if (requests.isEmpty()) {
        throw bug(sample, "has no request");
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

  private void answer(List<S> samples, Progress progress) {
    List<Exchange<S>> all = samples.stream().map(sample -> new Exchange<>(task, sample)).toList();
    Work before = model.work();
    double seconds = 0;
    List<Exchange<S>> open = all;
    while (!open.isEmpty()) {
      seconds += ask(open);
      open = all.stream().filter(exchange -> !exchange.open().isEmpty()).toList();
    }
    Work work = model.work().since(before);
    for (Exchange<S> exchange : all) {
      observing.ifPresent(notes -> notes.note(exchange.sample(), exchange.responses()));
      log.append(record(exchange));
    }
    attributing.ifPresent(notes -> notes.note(task, model, all));
    observing.ifPresent(notes -> notes.log().commit());
    attributing.ifPresent(notes -> notes.log().commit());
    log.commit(work, seconds);
    progress.advance(samples.size());
  }

  /** Puts what is open to the model, all together; says how many seconds it took. */
  private double ask(List<Exchange<S>> open) {
    List<Request<?>> together =
        open.stream().<Request<?>>flatMap(exchange -> exchange.open().stream()).toList();
    together.forEach(this::requireObservable);
    List<Request<?>> asked = open.stream().flatMap(this::observed).toList();
    long start = System.nanoTime();
    List<Response> responses = model.answer(asked);
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    if (responses.size() != together.size()) {
      throw open.get(0)
          .bug(
              "is in a batch of "
                  + together.size()
                  + " requests with "
                  + responses.size()
                  + " answers",
              null);
    }
    int from = 0;
    for (Exchange<S> exchange : open) {
      int to = from + exchange.open().size();
      exchange.answer(responses.subList(from, to));
      from = to;
    }
    return seconds;
  }

  private Stream<Request<?>> observed(Exchange<S> exchange) {
    return exchange.open().stream()
        .map(request -> observing.<Request<?>>map(n -> n.observed(request)).orElse(request))
        .map(
            request ->
                attributing
                    .<Request<?>>map(n -> n.observed(task, exchange.sample(), request))
                    .orElse(request));
  }

  private SampleRecord record(Exchange<S> exchange) {
    try {
      SampleRecord record = exchange.record(log.items());
      tally.add(record);
      return record;
    } catch (RuntimeException e) {
      // Scorers are pure: whatever they throw is a bug, and only here is the sample known.
      throw exchange.bug("cannot be scored: " + e.getMessage(), e);
    }
  }

  private IllegalStateException bug(S sample, String fact) {
    return Exchange.bug(task, sample, fact, null);
  }
}
