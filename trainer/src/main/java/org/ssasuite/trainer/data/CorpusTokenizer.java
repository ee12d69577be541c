package org.ssasuite.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.runtime.checkpoint.SpecialTokens;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * A tokenizer of a folder as Hugging Face has them, and what preparing a corpus needs beside it.
 *
 * @param digest SHA-256 of {@code tokenizer.json} as it lies on the disk
 * @param vocabulary one above the largest id
 * @param endToken stands behind each document
 */
record CorpusTokenizer(TextTokenizer tokenizer, String digest, int vocabulary, int endToken)
    implements AutoCloseable {
  private static final long MAX_BYTES = 64L << 20;
  private static final int MAX_VOCABULARY = 1 << 28;

  /**
   * Loads {@code tokenizer.json}, packed or not.
   *
   * @param endToken instead of the {@code eos_token} of {@code tokenizer_config.json}
   * @throws BadInputException if there is no tokenizer, or nothing that says how documents end
   */
  static CorpusTokenizer load(Path folder, OptionalInt endToken) {
    DataFile file = DataFile.in(folder, "tokenizer.json");
    TextTokenizer tokenizer = TextTokenizer.load(file.path());
    try {
      int vocabulary = vocabulary(file);
      int end = endToken.isPresent() ? endToken.getAsInt() : end(folder, tokenizer, vocabulary);
      if (end < 0 || end >= vocabulary) {
        throw new BadInputException(
            "end token " + end, "the tokenizer's vocabulary has " + vocabulary + " ids");
      }
      return new CorpusTokenizer(tokenizer, Digests.sha256(file.path()), vocabulary, end);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** Ids of a text, nothing added. */
  int[] ids(String text) {
    return tokenizer.ids(text, vocabulary);
  }

  private static int vocabulary(DataFile file) {
    JsonNode json = json(file);
    JsonNode vocabulary = json.path("model").path("vocab");
    // Unigram's is a list of pieces, the others' an object of ids.
    long largest = vocabulary.isArray() ? vocabulary.size() - 1L : -1;
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        largest = Math.max(largest, id.asLong(-1));
      }
    }
    for (JsonNode token : json.path("added_tokens")) {
      largest = Math.max(largest, token.path("id").asLong(-1));
    }
    if (largest < 0 || largest >= MAX_VOCABULARY) {
      throw new BadInputException(file.path(), "its largest id is " + largest);
    }
    return (int) largest + 1;
  }

  private static int end(Path folder, TextTokenizer tokenizer, int vocabulary) {
    SpecialTokens.Named stated =
        SpecialTokens.read(folder)
            .end()
            .filter(token -> token.file().isPresent())
            .orElseThrow(
                () ->
                    new BadInputException(
                        folder,
                        "has no tokenizer_config.json that names the end token (--end-token)"));
    int[] ids = tokenizer.ids(stated.text(), vocabulary);
    if (ids.length != 1) {
      throw new BadInputException(
          stated.file().orElseThrow(),
          "'eos_token' is '" + stated.text() + "', which is no token of its own");
    }
    return ids[0];
  }

  private static JsonNode json(DataFile file) {
    return JsonDocument.read(new DataFile(file.path(), MAX_BYTES), JsonDocument.Keys.LAST_COUNTS);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
