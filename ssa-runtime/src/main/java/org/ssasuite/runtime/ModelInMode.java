package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.DocumentComparison;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.runtime.observation.Probe;
import org.ssasuite.runtime.observation.Watchers;

/** A loaded model in one attention mode: requests become passes, passes' results answers. */
final class ModelInMode implements LanguageModel {
  private final SsaModel model;
  private final AttentionMode mode;
  private final Plans plans;
  private Optional<ModelCard> card = Optional.empty();
  private CompletableFuture<Void> expected = CompletableFuture.completedFuture(null);

  ModelInMode(SsaModel model, AttentionMode mode) {
    this.model = model;
    this.mode = mode;
    this.plans = new Plans(model.basis(), mode);
  }

  @Override
  public ModelCard card() {
    if (card.isEmpty()) {
      card =
          Optional.of(
              new ModelCard(
                  model.checkpoint().name(),
                  mode.text(),
                  OptionalInt.of(model.checkpoint().config().trainedTokens()),
                  model.facts().byName(mode)));
    }
    return card.orElseThrow();
  }

  @Override
  public boolean observes(Observation<?> asked) {
    return Watchers.observes(asked, model.device());
  }

  @Override
  public List<Response> answer(List<Request<?>> requests) {
    encode(requests);
    List<Plan> all = requests.stream().map(plans::of).toList();
    Response[] answers = new Response[all.size()];
    answer(all, Plan.Writing.class, this::write, answers);
    answer(all, Plan.Rating.class, this::rate, answers);
    answer(all, Plan.Comparing.class, this::compare, answers);
    return List.of(answers);
  }

  @Override
  public void expect(List<Request<?>> requests) {
    expected.join();
    // A fault of ours shows where the plan meets it.
    expected = CompletableFuture.runAsync(() -> encode(requests)).exceptionally(fault -> null);
  }

  /** With all processors; what cannot be encoded is left for the plan, which says so. */
  private void encode(List<Request<?>> requests) {
    requests.parallelStream()
        .forEach(
            request -> {
              try {
                plans.encode(request);
              } catch (BadInputException e) {
                // The first in the order of the requests is to be told, not the first that is met.
              }
            });
  }

  /** Answers the plans of one kind, those together that ask the same of the operators. */
  private static <P extends Plan> void answer(
      List<Plan> plans,
      Class<P> kind,
      Function<List<P>, List<? extends Response>> by,
      Response[] answers) {
    Map<Set<Probe>, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < plans.size(); i++) {
      if (kind.isInstance(plans.get(i))) {
        groups.computeIfAbsent(plans.get(i).probes(), any -> new ArrayList<>()).add(i);
      }
    }
    for (List<Integer> group : groups.values()) {
      List<? extends Response> given =
          by.apply(group.stream().map(i -> kind.cast(plans.get(i))).toList());
      for (int i = 0; i < given.size(); i++) {
        answers[group.get(i)] = given.get(i);
      }
    }
  }

  @Override
  public Work work() {
    return model.work();
  }

  private List<Response> rate(List<Plan.Rating> ratings) {
    List<Pass> passes = ratings.stream().flatMap(rating -> rating.passes().stream()).toList();
    List<TokenLogProbs> results = model.run(passes, mode);
    List<Response> responses = new ArrayList<>();
    int from = 0;
    for (Plan.Rating rating : ratings) {
      int to = from + rating.passes().size();
      responses.add(rating.reader().read(results.subList(from, to)));
      from = to;
    }
    return responses;
  }

  private List<DocumentComparison> compare(List<Plan.Comparing> comparings) {
    return comparings.stream()
        .map(
            one ->
                new DocumentComparison(
                    model.compared(one.ids(), one.reference(), mode), one.fit(), Optional.empty()))
        .toList();
  }

  private List<Generation> write(List<Plan.Writing> writings) {
    List<GeneratedTokens> generated =
        model.decoder(mode).run(writings.stream().map(Plan.Writing::job).toList());
    List<Generation> written = new ArrayList<>();
    for (int i = 0; i < writings.size(); i++) {
      GeneratedTokens tokens = generated.get(i);
      written.add(
          new Generation(
              tokens.text().orElseThrow(),
              tokens.ids().length,
              writings.get(i).fit(),
              writings.get(i).watch().observations(),
              tokens.failure()));
    }
    return written;
  }

  /** The model stays its owner's. */
  @Override
  public void close() {
    expected.join();
  }
}
