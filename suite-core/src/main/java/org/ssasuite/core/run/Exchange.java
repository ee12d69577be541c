package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.run.items.Item;
import org.ssasuite.core.run.items.ItemLog;
import org.ssasuite.core.run.items.SampleItems;
import org.ssasuite.core.task.FollowUp;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Unscored;

/** What one sample asks, and is answered, until it asks no more. Mutable, of one batch. */
final class Exchange<S extends Sample> {
  private final Task<S> task;
  private final S sample;
  private final List<Request<?>> asked = new ArrayList<>();
  private final List<Response> responses = new ArrayList<>();
  private List<Request<?>> open;

  Exchange(Task<S> task, S sample) {
    this.task = task;
    this.sample = sample;
    this.open = List.copyOf(task.requests(sample));
  }

  S sample() {
    return sample;
  }

  /** All answers so far. */
  List<Response> responses() {
    return List.copyOf(responses);
  }

  /** What is to be answered now; empty once everything is. */
  List<Request<?>> open() {
    return open;
  }

  /**
   * Takes the answers to what was open. Where a model could not go on, nothing more is asked.
   *
   * @throws IllegalStateException if one is of another kind, or the task asks for more than it said
   */
  void answer(List<Response> answers) {
    for (int i = 0; i < open.size(); i++) {
      if (!open.get(i).responseType().isInstance(answers.get(i))) {
        throw bug(
            "asked for a "
                + open.get(i).responseType().getSimpleName()
                + " and got a "
                + answers.get(i).getClass().getSimpleName(),
            null);
      }
    }
    asked.addAll(open);
    responses.addAll(answers);
    open = failure().isPresent() ? List.of() : next();
  }

  private List<Request<?>> next() {
    List<Request<?>> next = List.copyOf(task.next(sample, responses()));
    if (!next.isEmpty() && task.followUp(sample).isEmpty()) {
      throw bug("asks again, which no digest of its requests speaks of", null);
    }
    return next;
  }

  private Optional<String> failure() {
    return responses.stream().flatMap(response -> response.failure().stream()).findFirst();
  }

  /**
   * What a run keeps of it.
   *
   * @param detail how much of single requests
   */
  SampleRecord record(Optional<ItemLog> detail) {
    Score score =
        failure().<Score>map(Unscored::new).orElseGet(() -> task.score(sample, responses()));
    return new SampleRecord(
        sample.id(),
        sample.document(),
        digests(task, sample),
        score,
        score.fold(scored -> task.chance(sample), unscored -> OptionalDouble.empty()),
        responses.stream().mapToLong(response -> response.fit().usedTokens()).sum(),
        responses.stream().mapToLong(response -> response.fit().cutTokens()).sum(),
        detail.map(this::items));
  }

  private SampleItems items(ItemLog detail) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      items.add(Item.of(asked.get(i), responses.get(i), detail));
    }
    return SampleItems.of(items, task.expected(sample), task.needles(sample));
  }

  /** Of each first request; what may be asked then is part of the last one. */
  static <S extends Sample> List<String> digests(Task<S> task, S sample) {
    List<Request<?>> requests = task.requests(sample);
    List<String> digests = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      boolean last = i == requests.size() - 1;
      Optional<FollowUp> then = last ? task.followUp(sample) : Optional.empty();
      digests.add(Digests.sha256(RunJson.canonical(requests.get(i), then)));
    }
    return digests;
  }

  /** A fault of task or model, with the sample that showed it. */
  IllegalStateException bug(String fact, Throwable cause) {
    return bug(task, sample, fact, cause);
  }

  static IllegalStateException bug(Task<?> task, Sample sample, String fact, Throwable cause) {
    return new IllegalStateException(
        "sample " + sample.id() + " of task " + task.id() + " " + fact, cause);
  }
}
