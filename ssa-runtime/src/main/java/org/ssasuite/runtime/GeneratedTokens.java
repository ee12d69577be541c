package org.ssasuite.runtime;

import java.util.Objects;
import java.util.Optional;

/**
 * What a model wrote. Immutable by agreement: the array is not to be changed.
 *
 * @param ids all of them, an end token included
 * @param text without end token and stop string; absent without a tokenizer
 * @param failure why there is no next token although none has ended it; then ids and text are what
 *     was written before
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record GeneratedTokens(int[] ids, Optional<String> text, Optional<String> failure) {
  public GeneratedTokens {
    Objects.requireNonNull(text);
    Objects.requireNonNull(failure);
  }
}
