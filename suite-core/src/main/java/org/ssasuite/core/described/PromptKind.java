package org.ssasuite.core.described;

import java.util.Optional;
import java.util.OptionalInt;

/** What is asked with a prompt, which may be cut. */
sealed interface PromptKind extends Kind permits ChooseKind, GenerateKind {
  /** How a prompt that is too long is cut; absent: not at all. */
  Optional<Cut> truncation();

  @Override
  default OptionalInt length() {
    return truncation().map(cut -> OptionalInt.of(cut.tokens())).orElse(OptionalInt.empty());
  }

  @Override
  default boolean begins() {
    return true;
  }

  @Override
  default int leastTokens() {
    return truncation().map(Cut::least).orElse(1);
  }
}
