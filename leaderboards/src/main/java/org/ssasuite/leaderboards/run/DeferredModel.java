package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.ssasuite.core.BadInputException;
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
  /** How a card's facts that are digests of files begin. */
  private static final String FILE = "sha256:";

  private final ModelCard card;
  private final Path folder;
  private final Supplier<LanguageModel> loading;
  private Optional<LanguageModel> loaded = Optional.empty();

  /** What the loaded model had computed, in other modes, before it was this one. */
  private Work before = Work.NONE;

  /**
   * A model with a card that is known before.
   *
   * @param folder with the model's files
   * @param loading called once at most; its model stays its owner's
   */
  DeferredModel(ModelCard card, Path folder, Supplier<LanguageModel> loading) {
    this.card = Objects.requireNonNull(card);
    this.folder = Objects.requireNonNull(folder);
    this.loading = Objects.requireNonNull(loading);
  }

  private LanguageModel model() {
    if (loaded.isEmpty()) {
      LanguageModel model = loading.get();
      if (!model.card().equals(card)) {
        requireSameFiles(model.card());
        throw new IllegalStateException("loaded " + model.card() + " for " + card);
      }
      before = model.work();
      loaded = Optional.of(model);
    }
    return loaded.get();
  }

  /** The run has said what its models are made of before the first was loaded. */
  private void requireSameFiles(ModelCard now) {
    card.facts()
        .forEach(
            (fact, digest) -> {
              if (fact.startsWith(FILE) && !digest.equals(now.facts().get(fact))) {
                throw new BadInputException(
                    folder.resolve(fact.substring(FILE.length())),
                    "has changed since the run began: its SHA-256 was "
                        + digest
                        + ", and is "
                        + now.facts().getOrDefault(fact, "none"));
              }
            });
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

  @Override
  public Work work() {
    return loaded.map(model -> model.work().since(before)).orElse(Work.NONE);
  }

  @Override
  public void close() {
    loaded.ifPresent(LanguageModel::close);
  }
}
