package org.ssasuite.runtime.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** How a tokenizer makes tokens of texts. */
sealed interface TokenizerKind permits BytePairs, SentencePieces {
  /** Why the ids of a file are not made; absent if they are. */
  Optional<String> refusal(GgufFile file);

  /** Whether texts begin with the token that begins them where a file does not say. */
  boolean begins();

  /** Adds what comes before the model and behind it: normalizer, pre-tokenizer, decoder. */
  void putParts(ObjectNode tokenizer);

  /**
   * Adds the options and merges of a model of type BPE.
   *
   * @throws org.ssasuite.core.BadInputException if merges are not of the vocabulary's tokens
   */
  void putModel(ObjectNode model, GgufVocabulary vocabulary);
}
