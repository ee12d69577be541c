package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;

/**
 * A data set of LongBench, each item a generation. Its metric, in percent, is the mean over items.
 * Facets:
 *
 * <pre>
 * length        LongBench-E's bucket of the record's own length
 * prompt        whole or cut
 * trained_8192  inside or beyond: whether the whole prompt, before it was cut, has more tokens than
 *               a model was trained on; one such facet for each trained length of the run's models
 * </pre>
 */
final class LongBenchTask implements Task<LongBenchItem> {
  private final TaskId id;
  private final String protocol;
  private final ItemFile items;
  private final Question question;
  private final List<Integer> trainedTokens;
  private final Function<LongBenchItem, Optional<Needles>> needles;

  LongBenchTask(
      TaskId id, String protocol, ItemFile items, Question question, List<Integer> trainedTokens) {
    this(id, protocol, items, question, trainedTokens, item -> Optional.empty());
  }

  /**
   * One whose answers may be found by a place in the prompt.
   *
   * @param needles where, of each item
   */
  LongBenchTask(
      TaskId id,
      String protocol,
      ItemFile items,
      Question question,
      List<Integer> trainedTokens,
      Function<LongBenchItem, Optional<Needles>> needles) {
    this.id = Objects.requireNonNull(id);
    this.protocol = Objects.requireNonNull(protocol);
    this.items = Objects.requireNonNull(items);
    this.question = Objects.requireNonNull(question);
    this.trainedTokens = List.copyOf(trainedTokens);
    this.needles = Objects.requireNonNull(needles);
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
    return items.digest();
  }

  @Override
  public Stream<LongBenchItem> samples() {
    return items.items().stream();
  }

  @Override
  public List<Request<?>> requests(LongBenchItem item) {
    return List.of(question.request(item));
  }

  @Override
  public Optional<Needles> needles(LongBenchItem item) {
    return needles.apply(item);
  }

  @Override
  public List<String> expected(LongBenchItem item) {
    return item.answers();
  }

  @Override
  public Score score(LongBenchItem item, List<Response> responses) {
    Generation generation = (Generation) responses.get(0);
    Measure whole = Measure.of(metric(), question.score(item, generation.text()), 1);
    List<Measure> measures = new ArrayList<>(List.of(whole));
    facets(item, generation.fit()).forEach(facet -> measures.add(whole.in(facet)));
    return new Scored(measures, Optional.of(generation.text()));
  }

  private List<Facet> facets(LongBenchItem item, ContextFit fit) {
    List<Facet> facets = new ArrayList<>();
    facets.add(bucket(LengthBucket.of(item.length())));
    facets.add(new Facet("prompt", fit.truncated() ? "cut" : "whole"));
    for (int trained : trainedTokens) {
      facets.add(trained(trained, fit.tokens() > trained));
    }
    return facets;
  }

  static Facet bucket(LengthBucket bucket) {
    return new Facet("length", bucket.text());
  }

  /** The slice of prompts that have more tokens than a model was trained on, or have not. */
  static Facet trained(int tokens, boolean beyond) {
    return new Facet("trained_" + tokens, beyond ? "beyond" : "inside");
  }

  @Override
  public Aggregate aggregate() {
    return new Aggregate(List.of(new MetricRule(metric(), Transform.PERCENT, Better.HIGHER)));
  }

  private String metric() {
    return question.set().scoring().text();
  }
}
