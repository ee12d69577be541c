package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/**
 * Models of which the last one that was opened stays so until another is: for whoever opens them
 * again and again. Mutable, one owner, closed once.
 */
final class KeptModels implements AutoCloseable {
  private final List<RunModel.Prepared> models;
  private Optional<Kept> last = Optional.empty();

  KeptModels(List<RunModel.Prepared> models) {
    this.models = models.stream().<RunModel.Prepared>map(Lasting::new).toList();
  }

  /** The same models, in their order. */
  List<RunModel.Prepared> all() {
    return models;
  }

  /** One that may be open already. */
  private final class Lasting implements RunModel.Prepared {
    private final RunModel.Prepared model;

    Lasting(RunModel.Prepared model) {
      this.model = model;
    }

    @Override
    public Map<String, String> facts(AttentionMode mode) {
      return model.facts(mode);
    }

    @Override
    public RunModel.Opened open(Engine engine, EncodedTexts texts) {
      if (last.isEmpty() || last.get().of() != this) {
        close();
        last = Optional.of(new Kept(this, model.open(engine, texts)));
      }
      return last.get();
    }
  }

  /** One that its user does not close. */
  private record Kept(Lasting of, RunModel.Opened opened) implements RunModel.Opened {
    @Override
    public LanguageModel in(AttentionMode mode) {
      return opened.in(mode);
    }

    @Override
    public int leastTogether() {
      return opened.leastTogether();
    }

    @Override
    public SsaModel loaded() {
      return opened.loaded();
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    last.ifPresent(kept -> kept.opened().close());
    last = Optional.empty();
  }
}
