package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.runtime.ModelFacts;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.chat.ChatTemplates;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/** A model that is computed here. */
record LocalModel(Checkpoint checkpoint) implements RunModel {
  LocalModel {
    Objects.requireNonNull(checkpoint);
  }

  @Override
  public String name() {
    return checkpoint.name();
  }

  @Override
  public LocalModel named(String other) {
    return new LocalModel(checkpoint.named(other));
  }

  @Override
  public Path folder() {
    return checkpoint.folder();
  }

  @Override
  public String place() {
    return checkpoint.folder().toString();
  }

  @Override
  public Path tokenizerFile() {
    return checkpoint.tokenizerFile().orElseThrow();
  }

  @Override
  public OptionalInt trainedTokens() {
    return OptionalInt.of(checkpoint.config().trainedTokens());
  }

  @Override
  public ChatTemplates chats() {
    return ChatTemplates.of(
        checkpoint.folder(),
        checkpoint.tokenizerFolder(),
        checkpoint.specialTokens(),
        checkpoint.chat());
  }

  @Override
  public boolean begins() {
    return checkpoint.specialTokens().begin().isPresent()
        || checkpoint.config().beginToken().isPresent();
  }

  @Override
  public List<AttentionMode> modes() {
    return checkpoint.modes();
  }

  @Override
  public ModelBudget budget() {
    return checkpoint.budget();
  }

  @Override
  public Prepared prepared(RuntimeOptions options, Optional<RopeScaling> rope) {
    return new Files(checkpoint, rope, ModelFacts.of(checkpoint, options, rope));
  }

  /** Its files, read once. */
  private record Files(Checkpoint checkpoint, Optional<RopeScaling> rope, ModelFacts own)
      implements Prepared {
    @Override
    public Map<String, String> facts(AttentionMode mode) {
      return own.byName(mode);
    }

    @Override
    public Opened open(Engine engine, EncodedTexts texts) {
      return new Weights(this, engine, texts);
    }
  }

  /** A model's weights, read when they are first needed. Mutable, one owner. */
  private static final class Weights implements Opened {
    private final Files files;
    private final Engine engine;
    private final EncodedTexts texts;
    private Optional<SsaModel> model = Optional.empty();

    Weights(Files files, Engine engine, EncodedTexts texts) {
      this.files = files;
      this.engine = engine;
      this.texts = texts;
    }

    @Override
    public SsaModel loaded() {
      if (model.isEmpty()) {
        model =
            Optional.of(
                SsaModel.load(files.checkpoint(), engine, files.rope(), files.own(), texts));
      }
      return model.get();
    }

    @Override
    public LanguageModel in(AttentionMode mode) {
      return loaded().in(mode);
    }

    @Override
    public void close() {
      model.ifPresent(SsaModel::close);
    }
  }
}
