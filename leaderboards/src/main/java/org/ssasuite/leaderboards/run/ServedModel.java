package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.files.HashedFiles;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.runtime.EndpointModel;
import org.ssasuite.runtime.EndpointTexts;
import org.ssasuite.runtime.ModelFacts;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.chat.ChatTemplates;
import org.ssasuite.runtime.checkpoint.ChatTexts;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.TokenizerFolder;
import org.ssasuite.runtime.endpoint.Abilities;
import org.ssasuite.runtime.endpoint.ApiKey;
import org.ssasuite.runtime.endpoint.CallPolicy;
import org.ssasuite.runtime.endpoint.EndpointAddress;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/**
 * A model that a server computes. Where it is says nothing about its results, so only the
 * specification has it; what the server says of itself and can do stands in each row.
 *
 * @param served its name there
 * @param reached the server, once it has been looked at; a finished run is looked at without it
 */
record ServedModel(
    String name,
    EndpointAddress address,
    String served,
    TokenizerFolder tokenizer,
    Optional<Reached> reached)
    implements RunModel {
  ServedModel {
    Objects.requireNonNull(name);
    Objects.requireNonNull(address);
    Objects.requireNonNull(served);
    Objects.requireNonNull(tokenizer);
    Objects.requireNonNull(reached);
  }

  /** Called as on its server, by the last part of a name with slashes. */
  static ServedModel of(EndpointAddress address, String served, TokenizerFolder tokenizer) {
    String name = served.substring(served.lastIndexOf('/') + 1);
    if (name.isEmpty()) {
      throw new BadInputException("--served '" + served + "'", "names no model");
    }
    return new ServedModel(name, address, served, tokenizer, Optional.empty());
  }

  @Override
  public ServedModel named(String other) {
    return new ServedModel(other, address, served, tokenizer, reached);
  }

  /** How a server is called, and what it can. */
  record Reached(Optional<ApiKey> key, CallPolicy policy, Abilities abilities) {
    Reached {
      Objects.requireNonNull(key);
      Objects.requireNonNull(policy);
      Objects.requireNonNull(abilities);
    }
  }

  /**
   * Looks at the server by a short text.
   *
   * @throws BadInputException if it has no such model, or its answers cannot be believed
   */
  ServedModel reach(Optional<ApiKey> key, CallPolicy policy) {
    try (EndpointTexts texts = EndpointTexts.load(tokenizer)) {
      Abilities abilities = texts.look(address, served, key, policy);
      return new ServedModel(
          name, address, served, tokenizer, Optional.of(new Reached(key, policy, abilities)));
    }
  }

  @Override
  public Path folder() {
    return tokenizer.folder();
  }

  @Override
  public String place() {
    return address.toString();
  }

  @Override
  public Path tokenizerFile() {
    return tokenizer.tokenizer();
  }

  @Override
  public OptionalInt trainedTokens() {
    return tokenizer.trainedTokens();
  }

  @Override
  public ChatTemplates chats() {
    return ChatTemplates.of(folder(), folder(), tokenizer.stated(), ChatTexts.NONE);
  }

  @Override
  public boolean begins() {
    return tokenizer.begins();
  }

  @Override
  public List<AttentionMode> modes() {
    return List.of(new Full());
  }

  @Override
  public ModelBudget budget() {
    return ModelBudget.none();
  }

  @Override
  public AttentionMode mode(String text) {
    AttentionMode mode = RunModel.super.mode(text);
    if (!(mode instanceof Full)) {
      throw new BadInputException(
          "model " + name, "is computed by a server, in mode full alone, not in " + text);
    }
    return mode;
  }

  @Override
  public Prepared prepared(RuntimeOptions options, Optional<RopeScaling> rope) {
    return new Digested(this, HashedFiles.read(tokenizer.files()));
  }

  /** The files of its tokenizer, read once. */
  private record Digested(ServedModel model, HashedFiles files) implements Prepared {
    @Override
    public Map<String, String> facts(AttentionMode mode) {
      Map<String, String> facts = new TreeMap<>();
      files.digests().forEach((file, digest) -> facts.put(ModelFacts.FILE + file, digest));
      facts.put("endpoint", "completions");
      facts.put("served", model.served());
      facts.put("special_tokens", model.tokenizer().stated().text());
      model.reached().ifPresent(reached -> facts.putAll(reached.abilities().facts()));
      return facts;
    }

    @Override
    public Opened open(Engine engine, EncodedTexts texts) {
      return new Called(this, texts);
    }
  }

  /** A server that is called, with a tokenizer of its own. Mutable, one owner. */
  private static final class Called implements Opened {
    private final Digested digested;
    private final EncodedTexts texts;
    private final Reached reached;
    private Optional<EndpointTexts> tokenizer = Optional.empty();

    Called(Digested digested, EncodedTexts texts) {
      this.digested = digested;
      this.texts = texts;
      this.reached = digested.model().reached().orElseThrow();
    }

    @Override
    public LanguageModel in(AttentionMode mode) {
      ServedModel model = digested.model();
      if (tokenizer.isEmpty()) {
        tokenizer = Optional.of(EndpointTexts.load(model.tokenizer()));
        digested.files().requireUnchanged("the run began");
      }
      EndpointTexts own = tokenizer.get();
      return new EndpointModel(
          new ModelCard(model.name(), mode.text(), model.trainedTokens(), digested.facts(mode)),
          own.endpoint(
              model.address(),
              model.served(),
              reached.key(),
              reached.policy(),
              reached.abilities()),
          own,
          texts);
    }

    @Override
    public int leastTogether() {
      return reached.policy().concurrency();
    }

    @Override
    public SsaModel loaded() {
      throw new IllegalStateException(digested.model().name() + " is not computed here");
    }

    @Override
    public void close() {
      tokenizer.ifPresent(EndpointTexts::close);
    }
  }
}
