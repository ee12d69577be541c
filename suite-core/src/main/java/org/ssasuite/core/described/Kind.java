package org.ssasuite.core.described;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is asked about each row of a task's data. */
sealed interface Kind permits RateKind, PromptKind {
  /** Its key in a descriptor. */
  String name();

  /** Tokens of a window or of a prompt; absent where there is no limit that could be another. */
  OptionalInt length();

  /** The fewest tokens that it works with. */
  int leastTokens();

  /** Solved rows before each; absent where it takes none. */
  Optional<Shots> shots();

  /** Whether a token that begins texts has a place before each. */
  boolean begins();

  /** Whether the tokenizer puts one there by itself, where it does so with texts. */
  default boolean tokenizerBegins() {
    return false;
  }

  /** What of the order figures must share to be compared, as {@code first-8192}. */
  List<String> terms(OptionalInt tokens);

  /** Makes the task from rows. */
  DescribedTask<?> task(Frame frame, Material material);
}
