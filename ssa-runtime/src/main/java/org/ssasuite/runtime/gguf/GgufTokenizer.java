package org.ssasuite.runtime.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/**
 * The tokenizer of a GGUF file as the {@code tokenizer.json} that its model was published with. Of
 * that the file has tokens, merges or scores, and the name of the rest; where the rest is not known
 * by that name, or ids depend on what the file leaves out, it is not made.
 *
 * <p>Sources: {@code convert_hf_to_gguf.py} of llama.cpp for what a file keeps; the published
 * {@code tokenizer.json} of Llama 2 and 3, Qwen 2 and 3, SmolLM2, Granite 3 and Mistral Nemo for
 * what it stands for.
 */
public final class GgufTokenizer {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String BYTES = "gpt2";
  private static final String PIECES = "llama";

  private static final int SAMPLES = 256;

  private static final String WAY_OUT = "; bring its tokenizer.json beside it";

  private final GgufFile file;
  private final TokenizerKind kind;
  private final GgufVocabulary vocabulary;

  private GgufTokenizer(GgufFile file, TokenizerKind kind, GgufVocabulary vocabulary) {
    this.file = file;
    this.kind = kind;
    this.vocabulary = vocabulary;
  }

  /** The texts of all ids; none where the file has no tokenizer. */
  public static List<String> tokens(GgufFile file) {
    return file.texts(GgufVocabulary.TOKENS);
  }

  /**
   * Ordinary tokens with their ids, from all over the vocabulary: what another file with the same
   * tokenizer has too.
   *
   * @return none where the file does not say which tokens are ordinary
   */
  public static Map<String, Integer> samples(GgufFile file) {
    if (file.find(GgufVocabulary.TYPES).isEmpty()) {
      return Map.of();
    }
    GgufVocabulary vocabulary = GgufVocabulary.read(file);
    int step = vocabulary.tokens().size() / SAMPLES + 1;
    Map<String, Integer> samples = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.tokens().size(); id += step) {
      if (vocabulary.types().get(id) == TokenType.NORMAL) {
        samples.put(vocabulary.tokens().get(id), id);
      }
    }
    return Collections.unmodifiableMap(samples);
  }

  /**
   * Whether the token that the file says begins texts is its tokenizer's: llama.cpp takes it from
   * the model's configuration too, where Qwen's names one that its tokenizer does not use so.
   */
  public static boolean beginsTexts(GgufFile file) {
    return BytePairs.of(file).filter(kind -> kind == BytePairs.QWEN2).isEmpty();
  }

  /**
   * Why the ids of its tokenizer are not made here, with the way out.
   *
   * @return absent if they are
   */
  public static Optional<String> refusal(GgufFile file) {
    String model = file.findText(MODEL).orElse("");
    Optional<TokenizerKind> kind = kind(file);
    Optional<String> fact;
    if (kind.isPresent()) {
      fact = kind.orElseThrow().refusal(file);
    } else if (model.equals(BYTES)) {
      fact = Optional.of(BytePairs.unknown(file));
    } else {
      fact =
          Optional.of(
              model.isEmpty()
                  ? "has no tokenizer"
                  : "has a tokenizer of the kind '" + model + "', not gpt2 or llama");
    }
    return fact.map(text -> text + WAY_OUT);
  }

  private static Optional<TokenizerKind> kind(GgufFile file) {
    return switch (file.findText(MODEL).orElse("")) {
      case BYTES -> BytePairs.of(file).map(TokenizerKind.class::cast);
      case PIECES -> Optional.of(SentencePieces.LLAMA2);
      default -> Optional.empty();
    };
  }

  /**
   * What its {@code tokenizer.json} says.
   *
   * @throws BadInputException if it cannot be told, or the parts do not fit
   */
  public static String json(GgufFile file) {
    refusal(file)
        .ifPresent(
            fact -> {
              throw new BadInputException(file.file(), fact);
            });
    return new GgufTokenizer(file, kind(file).orElseThrow(), GgufVocabulary.read(file))
        .tree()
        .toString();
  }

  private ObjectNode tree() {
    ObjectNode tokenizer = JsonNodeFactory.instance.objectNode();
    tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
    putAdded(tokenizer.putArray("added_tokens"));
    kind.putParts(tokenizer);
    tokenizer.set(
        "post_processor",
        new TextTemplate(around("bos", kind.begins()), around("eos", false)).json());
    ObjectNode model = tokenizer.putObject("model").put("type", "BPE").putNull("dropout");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    kind.putModel(model, vocabulary);
    return tokenizer;
  }

  private void putAdded(ArrayNode added) {
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      if (vocabulary.types().get(id).isAdded()) {
        added
            .addObject()
            .put("id", id)
            .put("content", vocabulary.tokens().get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", vocabulary.types().get(id) != TokenType.USER_DEFINED);
      }
    }
  }

  /** The token that is put around texts, if one is. */
  private Optional<TextTemplate.Token> around(String name, boolean silent) {
    if (!file.findFlag("tokenizer.ggml.add_" + name + "_token").orElse(silent)) {
      return Optional.empty();
    }
    String key = "tokenizer.ggml." + name + "_token_id";
    long id = file.findWhole(key).orElseThrow(() -> file.bad(key, "is missing"));
    if (id < 0 || id >= vocabulary.tokens().size()) {
      throw file.bad(key, "is " + id + " of " + vocabulary.tokens().size() + " tokens");
    }
    return Optional.of(new TextTemplate.Token(vocabulary.tokens().get((int) id), (int) id));
  }
}
