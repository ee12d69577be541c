package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
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

  ModelInMode(SsaModel model, AttentionMode mode) {
    this.model = model;
    this.mode = mode;
    this.plans = new Plans(model, mode);
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
                  model.facts().byName()));
    }
    return card.orElseThrow();
  }

  @Override
  public boolean observes(Observation<?> asked) {
    return Watchers.observes(asked, model.device());
  }

  @Override
  public List<Response> answer(List<Request<?>> requests) {
    List<Plan> all = requests.stream().map(plans::of).toList();
    Response[] answers = new Response[all.size()];
    answer(all, Plan.Writing.class, this::write, answers);
    answer(all, Plan.Rating.class, this::rate, answers);
    return List.of(answers);
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

  /** What was written, and what is to be asked then. */
  private record Written(Generation generation, Optional<Generate> next) {}

  /** Writes, and goes on with the second prompts if there are any. */
  private List<Generation> write(List<Plan.Writing> writings) {
    List<GeneratedTokens> generated =
        model.decoder(mode).run(writings.stream().map(Plan.Writing::job).toList());
    List<Written> written = new ArrayList<>();
    for (int i = 0; i < writings.size(); i++) {
      written.add(written(writings.get(i), generated.get(i)));
    }
    List<Plan.Writing> second =
        written.stream().flatMap(each -> each.next().stream()).map(plans::generate).toList();
    if (second.isEmpty()) {
      return written.stream().map(Written::generation).toList();
    }
    Iterator<Generation> answers = write(second).iterator();
    return written.stream()
        .map(
            each ->
                each.next().isPresent()
                    ? answered(each.generation(), answers.next())
                    : each.generation())
        .toList();
  }

  private static Written written(Plan.Writing writing, GeneratedTokens tokens) {
    String text = tokens.text().orElseThrow();
    Generation generation =
        new Generation(
            text,
            tokens.ids().length,
            writing.fit(),
            writing.watch().observations(),
            tokens.failure());
    return new Written(
        generation, tokens.failure().isPresent() ? Optional.empty() : writing.asked().next(text));
  }

  /**
   * The answer to the second prompt; what was read and cut is that of both, and what was observed
   * that of the answer.
   */
  private static Generation answered(Generation reasoning, Generation answer) {
    return new Generation(
        answer.text(),
        reasoning.tokens() + answer.tokens(),
        new ContextFit(
            reasoning.fit().tokens() + answer.fit().tokens(),
            reasoning.fit().usedTokens() + answer.fit().usedTokens()),
        answer.observations(),
        answer.failure());
  }

  /** The model stays its owner's. */
  @Override
  public void close() {}
}
