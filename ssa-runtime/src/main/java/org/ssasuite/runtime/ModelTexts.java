package org.ssasuite.runtime;

import java.nio.file.Path;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.runtime.tokenizer.EncodedTexts;
import org.ssasuite.runtime.tokenizer.PromptTokens;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * A model's way from texts to ids and back.
 *
 * @param folder whose tokenizer it is
 * @param noTokenizer what is said of the folder where there is none
 * @param vocabulary ids that the model has
 * @param tokenizer absent in a folder for token ids only
 * @param encoded what was encoded before
 */
record ModelTexts(
    Path folder,
    String noTokenizer,
    int vocabulary,
    Optional<TextTokenizer> tokenizer,
    EncodedTexts encoded) {
  /**
   * Tokens of a text, nothing added.
   *
   * @throws BadInputException without a tokenizer
   */
  TextTokenizer.Tokens encode(String text) {
    return encoded.of(require(), text, vocabulary);
  }

  /** The ids alone, in half the time; not to be changed. */
  int[] ids(String text) {
    return encoded.ids(require(), text, vocabulary);
  }

  /** The text of ids; special tokens have none. */
  String decoded(int[] ids) {
    return require().decode(ids);
  }

  /** What is left of a text by a rule that cuts, without special tokens. */
  PromptTokens.KeptText kept(String text, Truncation truncation) {
    return truncation instanceof Truncation.Whole
        ? new PromptTokens.KeptText(text, ContextFit.whole(0))
        : PromptTokens.KeptText.of(text, ids(text), truncation, require());
  }

  /**
   * What the model reads of a prompt.
   *
   * @param plain without special tokens, also where the truncation has them
   */
  PromptTokens prompt(String prompt, Truncation truncation, boolean plain) {
    return PromptTokens.of(prompt, truncation, plain, require(), vocabulary, encoded);
  }

  TextTokenizer require() {
    return tokenizer.orElseThrow(
        () -> new BadInputException(folder, noTokenizer + ", needed for text"));
  }
}
