package org.ssasuite.runtime.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.runtime.gguf.GgufFile;

/**
 * What a weights' file itself says of chats.
 *
 * @param templates by their names
 * @param tokens texts of special tokens by the names that templates have for them
 */
public record ChatTexts(Map<String, String> templates, Map<String, String> tokens) {
  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final String TEMPLATES = "tokenizer.chat_templates";

  /** Of weights that say nothing. */
  public static final ChatTexts NONE = new ChatTexts(Map.of(), Map.of());

  /** Of those that a GGUF file may name. */
  private static final Map<String, String> TOKENS =
      Map.of(
          "bos_token", GgufTokens.BEGIN,
          "eos_token", GgufTokens.END,
          "unk_token", "tokenizer.ggml.unknown_token_id",
          "pad_token", "tokenizer.ggml.padding_token_id",
          "sep_token", "tokenizer.ggml.seperator_token_id");

  public ChatTexts {
    templates = Collections.unmodifiableMap(new LinkedHashMap<>(templates));
    tokens = Map.copyOf(tokens);
  }

  /**
   * A GGUF file's.
   *
   * @param vocabulary its tokens
   */
  static ChatTexts of(GgufFile file, List<String> vocabulary) {
    Map<String, String> templates = new LinkedHashMap<>();
    file.findText(TEMPLATE).ifPresent(text -> templates.put("default", text));
    if (file.find(TEMPLATES).isPresent()) {
      for (String name : file.texts(TEMPLATES)) {
        file.findText(TEMPLATE + "." + name).ifPresent(text -> templates.put(name, text));
      }
    }
    Map<String, String> tokens = new LinkedHashMap<>();
    TOKENS.forEach(
        (name, key) -> {
          Optional<Integer> id = GgufTokens.id(file, key).filter(at -> at < vocabulary.size());
          id.ifPresent(at -> tokens.put(name, vocabulary.get(at)));
        });
    return new ChatTexts(templates, tokens);
  }
}
