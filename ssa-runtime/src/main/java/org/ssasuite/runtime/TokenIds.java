package org.ssasuite.runtime;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.SpecialTokens;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * Ids of a model's special tokens.
 *
 * @param found what stands before a text; absent if no file says
 * @param ends ids that end a generation; may be none
 */
record TokenIds(Checkpoint checkpoint, OptionalInt found, List<Integer> ends) {
  TokenIds {
    ends = List.copyOf(ends);
  }

  /**
   * What the files of a model folder come to. The prefix is the tokenizer's begin token, else its
   * end token, as lm-evaluation-harness 0.4.9 has it; only where the tokenizer has neither, those
   * of {@code config.json} stand in.
   *
   * @throws BadInputException if a file names a token that the tokenizer has not
   */
  static TokenIds of(
      Checkpoint checkpoint, SpecialTokens stated, Optional<TextTokenizer> tokenizer) {
    ModelConfig config = checkpoint.config();
    OptionalInt prefix = OptionalInt.empty();
    if (tokenizer.isPresent()) {
      OptionalInt begin = id(stated.begin(), tokenizer.orElseThrow());
      prefix = begin.isPresent() ? begin : id(stated.end(), tokenizer.orElseThrow());
    }
    if (prefix.isEmpty()) {
      prefix = config.beginToken();
    }
    if (prefix.isEmpty() && !config.endTokens().isEmpty()) {
      prefix = OptionalInt.of(config.endTokens().get(0));
    }
    List<Integer> ends =
        stated.generationEnds().orElse(config.endTokens()).stream()
            // No other id can be written.
            .filter(id -> id < config.vocabulary())
            .toList();
    return new TokenIds(checkpoint, prefix, ends);
  }

  /** A token that only its class has counts where the tokenizer has it. */
  private static OptionalInt id(Optional<SpecialTokens.Named> token, TextTokenizer tokenizer) {
    if (token.isEmpty()) {
      return OptionalInt.empty();
    }
    String text = token.orElseThrow().text();
    OptionalInt id = tokenizer.id(text);
    if (id.isEmpty() && token.orElseThrow().file().isPresent()) {
      throw new BadInputException(
          token.orElseThrow().file().orElseThrow(),
          "names the token '" + text + "', which tokenizer.json has not");
    }
    return id;
  }

  /**
   * What leads the first rolling window and stands for an empty context.
   *
   * @throws BadInputException if no file says, or the model has no such id
   */
  int prefix() {
    int vocabulary = checkpoint.config().vocabulary();
    if (found.isEmpty()) {
      throw new BadInputException(
          checkpoint.folder(), "neither its tokenizer nor config.json has a begin or end token");
    }
    if (found.getAsInt() >= vocabulary) {
      throw new BadInputException(
          checkpoint.folder(),
          "the token before a text is "
              + found.getAsInt()
              + "; the vocabulary has "
              + vocabulary
              + " ids");
    }
    return found.getAsInt();
  }
}
