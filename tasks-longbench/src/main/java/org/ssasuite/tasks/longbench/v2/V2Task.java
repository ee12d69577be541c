package org.ssasuite.tasks.longbench.v2;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.FollowUp;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;

/**
 * LongBench v2 in one form. Metrics, in percent:
 *
 * <pre>
 * acc              questions whose right letter was named
 * acc_compensated  the same with a quarter for a response that names none (generations only)
 * </pre>
 *
 * Facets of both: {@code difficulty}, {@code length}, {@code domain}. An empty response has no
 * score: the reference leaves it out of its results.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code pred.py}, {@code result.py}.
 */
public final class V2Task implements Task<V2Item> {
  private static final String ACC = "acc";
  private static final String COMPENSATED = "acc_compensated";
  private static final double CHANCE = 0.25;

  private final TaskId id;
  private final V2Form form;
  private final V2File file;
  private final int maxTokens;
  private final Optional<Chat> chat;

  /**
   * A form of it.
   *
   * @param chat what prompts are put into, once they are cut
   */
  public V2Task(TaskId id, V2Form form, V2File file, int maxTokens, Optional<Chat> chat) {
    this.id = Objects.requireNonNull(id);
    this.form = Objects.requireNonNull(form);
    this.file = Objects.requireNonNull(file);
    this.maxTokens = maxTokens;
    this.chat = Objects.requireNonNull(chat);
  }

  @Override
  public TaskId id() {
    return id;
  }

  @Override
  public String protocol() {
    return ChatOrder.said(form.protocol(maxTokens), chat);
  }

  @Override
  public String dataDigest() {
    return file.digest();
  }

  @Override
  public Stream<V2Item> samples() {
    return file.items().stream();
  }

  @Override
  public List<Request<?>> requests(V2Item item) {
    return form.requests(item, maxTokens).stream().<Request<?>>map(this::inChat).toList();
  }

  /** As the reference's server has it, which is asked by messages. */
  private Request<?> inChat(Request<?> request) {
    return chat.isPresent() && request instanceof Generate generate
        ? generate.truncatedBy(new Truncation.InChat(generate.truncation(), chat.get()))
        : request;
  }

  @Override
  public Optional<FollowUp> followUp(V2Item item) {
    return form.followUp(item);
  }

  /** The answer, from the reasoning; nothing behind an empty one. */
  @Override
  public List<Request<?>> next(V2Item item, List<Response> responses) {
    Optional<FollowUp> second = form.followUp(item);
    if (second.isEmpty() || responses.size() > 1 || last(responses).text().isEmpty()) {
      return List.of();
    }
    Generate first = (Generate) requests(item).get(0);
    return List.of(second.get().after(first, last(responses).text()));
  }

  private static Generation last(List<Response> responses) {
    return (Generation) responses.get(responses.size() - 1);
  }

  @Override
  public List<String> expected(V2Item item) {
    return List.of(V2Item.LETTERS.substring(item.answer(), item.answer() + 1));
  }

  @Override
  public Score score(V2Item item, List<Response> responses) {
    if (form == V2Form.LOG_LIKELIHOOD) {
      return scored(item, OptionalInt.of(mostProbable(responses)));
    }
    String response = last(responses).text();
    if (response.isEmpty()) {
      return new Unscored("the response is empty");
    }
    return scored(item, LetterAnswer.of(response));
  }

  /** The first of equals. */
  private static int mostProbable(List<Response> responses) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < responses.size(); i++) {
      double value = ((ContinuationRating) responses.get(i)).logLikelihood();
      if (value > highest) {
        best = i;
        highest = value;
      }
    }
    return best;
  }

  private Score scored(V2Item item, OptionalInt named) {
    double right = named.isPresent() && named.getAsInt() == item.answer() ? 1 : 0;
    List<Measure> measures = new ArrayList<>();
    add(Measure.of(ACC, right, 1), item, measures);
    if (form != V2Form.LOG_LIKELIHOOD) {
      add(Measure.of(COMPENSATED, named.isPresent() ? right : CHANCE, 1), item, measures);
    }
    Optional<String> letter =
        named.isPresent()
            ? Optional.of(String.valueOf(V2Item.LETTERS.charAt(named.getAsInt())))
            : Optional.empty();
    return new Scored(measures, letter);
  }

  private static void add(Measure whole, V2Item item, List<Measure> measures) {
    measures.add(whole);
    measures.add(whole.in(difficulty(item.difficulty())));
    measures.add(whole.in(length(item.length())));
    measures.add(whole.in(new Facet("domain", item.domain())));
  }

  public static Facet difficulty(String text) {
    return new Facet("difficulty", text);
  }

  public static Facet length(String text) {
    return new Facet("length", text);
  }

  @Override
  public Aggregate aggregate() {
    MetricRule acc = new MetricRule(ACC, Transform.PERCENT, Better.HIGHER);
    return new Aggregate(
        form == V2Form.LOG_LIKELIHOOD
            ? List.of(acc)
            : List.of(acc, new MetricRule(COMPENSATED, Transform.PERCENT, Better.HIGHER)));
  }

  /** Four choices; a generation may name none, and guesses no better. */
  @Override
  public OptionalDouble chance(V2Item item) {
    return OptionalDouble.of(CHANCE);
  }
}
