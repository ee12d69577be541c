package org.ssasuite.tasks.commonsense;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.ssasuite.core.metrics.ChoiceMetrics;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/** Questions with several choices, each rated by itself behind the question and its shots. */
final class ChoiceTask implements Task<ChoiceItem> {
  private final TaskId id;
  private final String protocol;
  private final String dataDigest;
  private final List<ChoiceItem> items;
  private final ChoiceMetrics metrics;
  private final Optional<Chat> chat;

  ChoiceTask(
      TaskId id,
      String protocol,
      String dataDigest,
      List<ChoiceItem> items,
      ChoiceMetrics metrics,
      Optional<Chat> chat) {
    this.id = id;
    this.protocol = protocol;
    this.dataDigest = dataDigest;
    this.items = List.copyOf(items);
    this.metrics = metrics;
    this.chat = chat;
  }

  @Override
  public TaskId id() {
    return id;
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public String dataDigest() {
    return dataDigest;
  }

  @Override
  public Stream<ChoiceItem> samples() {
    return items.stream();
  }

  @Override
  public List<Request<?>> requests(ChoiceItem item) {
    return List.copyOf(item.requests(chat));
  }

  @Override
  public List<String> expected(ChoiceItem item) {
    return List.of(item.question().right());
  }

  @Override
  public Score score(ChoiceItem item, List<Response> responses) {
    Question question = item.question();
    return metrics.score(
        question.continuations(),
        question.gold(),
        question.rated(question.gold()),
        responses.stream().map(ContinuationRating.class::cast).toList());
  }

  @Override
  public Aggregate aggregate() {
    return metrics.aggregate();
  }

  /** One of the choices, without a look at any of them. */
  @Override
  public OptionalDouble chance(ChoiceItem item) {
    return OptionalDouble.of(1.0 / item.question().choices());
  }
}
