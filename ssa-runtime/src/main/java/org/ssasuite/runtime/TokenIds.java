package org.ssasuite.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ConfigTokens;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.SpecialTokens;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * Ids of a model's special tokens.
 *
 * @param folder whose files state them
 * @param vocabulary ids that the model has
 * @param found what stands before a text; absent if no file says
 * @param begin what begins a text; absent if there is no such token
 * @param ends ids that end a generation; may be none
 */
record TokenIds(
    Path folder, int vocabulary, OptionalInt found, OptionalInt begin, List<Integer> ends) {
  TokenIds {
    ends = List.copyOf(ends);
  }

  /**
   * What the files of a model folder come to. The prefix is the tokenizer's begin token, else its
   * end token, as lm-evaluation-harness 0.4.9 has it; only where the tokenizer has neither, those
   * of {@code config.json} stand in.
   *
   * @throws BadInputException if a file names a token that the tokenizer has not, or the tokenizer
   *     beside a GGUF file is another model's
   */
  static TokenIds of(
      Checkpoint checkpoint, SpecialTokens stated, Optional<TextTokenizer> tokenizer) {
    tokenizer.ifPresent(own -> requireSame(checkpoint, own));
    ModelConfig config = checkpoint.config();
    return of(
        checkpoint.folder(),
        config.vocabulary(),
        new ConfigTokens(config.beginToken(), config.endTokens()),
        stated,
        tokenizer);
  }

  /** The same for a folder that need not hold a model. */
  static TokenIds of(
      Path folder,
      int vocabulary,
      ConfigTokens config,
      SpecialTokens stated,
      Optional<TextTokenizer> tokenizer) {
    OptionalInt begin = OptionalInt.empty();
    OptionalInt prefix = OptionalInt.empty();
    if (tokenizer.isPresent()) {
      begin = id(stated.begin(), tokenizer.orElseThrow());
      prefix = begin.isPresent() ? begin : id(stated.end(), tokenizer.orElseThrow());
    }
    if (begin.isEmpty()) {
      begin = config.begin();
    }
    if (prefix.isEmpty()) {
      prefix = begin;
    }
    if (prefix.isEmpty() && !config.ends().isEmpty()) {
      prefix = OptionalInt.of(config.ends().get(0));
    }
    List<Integer> ends =
        stated.generationEnds().orElse(config.ends()).stream()
            // No other id can be written.
            .filter(id -> id < vocabulary)
            .toList();
    return new TokenIds(folder, vocabulary, prefix, begin, ends);
  }

  /** A tokenizer beside a GGUF file may be another model's: ids would mean other tokens. */
  private static void requireSame(Checkpoint checkpoint, TextTokenizer tokenizer) {
    checkpoint
        .sampleTokens()
        .forEach(
            (token, id) -> {
              OptionalInt there = tokenizer.id(token);
              if (!there.equals(OptionalInt.of(id))) {
                throw new BadInputException(
                    checkpoint.tokenizerFile().orElseThrow(),
                    "is another model's: '%s', id %d of the weights' file, %s"
                        .formatted(
                            token,
                            id,
                            there.isPresent() ? "has id " + there.getAsInt() : "is not there"));
              }
            });
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
    if (found.isEmpty()) {
      throw new BadInputException(
          folder, "neither its tokenizer nor config.json has a begin or end token");
    }
    return within(found.getAsInt());
  }

  /**
   * What begins a text: BOS.
   *
   * @throws BadInputException if no file says, or the model has no such id
   */
  int bos() {
    if (begin.isEmpty()) {
      throw new BadInputException(
          folder,
          "neither its tokenizer nor config.json has a token that begins texts, for --bos yes");
    }
    return within(begin.getAsInt());
  }

  private int within(int id) {
    if (id >= vocabulary) {
      throw new BadInputException(
          folder,
          "the token before a text is " + id + "; the vocabulary has " + vocabulary + " ids");
    }
    return id;
  }
}
