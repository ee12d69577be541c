package org.ssasuite.runtime;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.TokenizerFolder;
import org.ssasuite.runtime.endpoint.Abilities;
import org.ssasuite.runtime.endpoint.ApiKey;
import org.ssasuite.runtime.endpoint.CallPolicy;
import org.ssasuite.runtime.endpoint.Endpoint;
import org.ssasuite.runtime.endpoint.EndpointAddress;
import org.ssasuite.runtime.endpoint.Probe;
import org.ssasuite.runtime.tokenizer.EncodedTexts;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/** The tokenizer of a model that a server computes. Closed once; one owner. */
public final class EndpointTexts implements AutoCloseable {
  /** ASCII, so that every server shows each of its tokens as it is. */
  private static final String PROBE = "The quick brown fox jumps over the lazy dog, and 3 + 4 = 7.";

  private final TokenizerFolder folder;
  private final TextTokenizer tokenizer;

  private EndpointTexts(TokenizerFolder folder, TextTokenizer tokenizer) {
    this.folder = folder;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads the tokenizer.
   *
   * @throws BadInputException if it is broken
   */
  public static EndpointTexts load(TokenizerFolder folder) {
    return new EndpointTexts(
        folder,
        TextTokenizer.load(folder.tokenizer(), folder.stated().texts(), TextTokenizer.STRETCH));
  }

  /**
   * Looks at a server by a short text.
   *
   * @param served the model's name there
   * @throws BadInputException if there is no such model, or its answers cannot be believed
   */
  public Abilities look(
      EndpointAddress address, String served, Optional<ApiKey> key, CallPolicy policy) {
    int[] ids = tokenizer.ids(PROBE, vocabulary());
    return Probe.of(address, served, key, policy, ids, this::texts);
  }

  /** A server that was looked at, as long as this is open. */
  public Endpoint endpoint(
      EndpointAddress address,
      String served,
      Optional<ApiKey> key,
      CallPolicy policy,
      Abilities abilities) {
    return new Endpoint(address, served, key, policy, abilities, this::texts);
  }

  /** Texts that may be read as ids: without those of special tokens, and with them. */
  private List<String> texts(int[] ids) {
    return Stream.of(tokenizer.decode(ids), tokenizer.decodeWithSpecialTokens(ids))
        .distinct()
        .toList();
  }

  int vocabulary() {
    return folder.vocabulary().orElse(Integer.MAX_VALUE);
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  /** What plans are made with, without a look inside. */
  PlanBasis basis(EncodedTexts encoded) {
    return new PlanBasis(
        new ModelTexts(
            folder.folder(),
            "has no tokenizer.json",
            vocabulary(),
            Optional.of(tokenizer),
            encoded),
        TokenIds.of(
            folder.folder(),
            vocabulary(),
            folder.config(),
            folder.stated(),
            Optional.of(tokenizer)),
        Optional.empty());
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
