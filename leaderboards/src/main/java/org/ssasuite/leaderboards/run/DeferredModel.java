package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;

/**
 * A model that is there once it is first asked something, so that a run whose tasks are answered
 * already loads nothing. Mutable inside: one owner.
 */
final class DeferredModel implements LanguageModel {
  private final ModelCard card;
  private final Supplier<LanguageModel> loading;
  private final int leastTogether;
  private Optional<LanguageModel> loaded = Optional.empty();

  /** What the loaded model had computed, in other modes, before it was this one. */
  private Work before = Work.NONE;

  /**
   * A model with a card that is known before.
   *
   * @param loading called once at most; its model stays its owner's
   * @param leastTogether what it will want to be asked together
   */
  DeferredModel(ModelCard card, Supplier<LanguageModel> loading, int leastTogether) {
    this.card = Objects.requireNonNull(card);
    this.loading = Objects.requireNonNull(loading);
    this.leastTogether = leastTogether;
  }

  /** One that wants nothing to be asked together. */
  DeferredModel(ModelCard card, Supplier<LanguageModel> loading) {
    this(card, loading, 1);
  }

  private LanguageModel model() {
    if (loaded.isEmpty()) {
      LanguageModel model = loading.get();
      if (!model.card().equals(card)) {
        throw new IllegalStateException("loaded " + model.card() + " for " + card);
      }
      before = model.work();
      loaded = Optional.of(model);
    }
    return loaded.get();
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public boolean observes(Observation<?> asked) {
    return model().observes(asked);
  }

  @Override
  public List<Response> answer(List<Request<?>> requests) {
    return model().answer(requests);
  }

  /** Nothing is loaded for it. */
  @Override
  public void expect(List<Request<?>> requests) {
    loaded.ifPresent(model -> model.expect(requests));
  }

  /** Nothing is loaded for it. */
  @Override
  public int leastTogether() {
    return leastTogether;
  }

  @Override
  public Work work() {
    return loaded.map(model -> model.work().since(before)).orElse(Work.NONE);
  }

  @Override
  public void close() {
    loaded.ifPresent(LanguageModel::close);
  }
}
