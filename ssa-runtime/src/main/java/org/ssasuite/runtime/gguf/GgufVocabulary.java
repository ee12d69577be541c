package org.ssasuite.runtime.gguf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a file.
 *
 * @param tokens texts by id
 * @param types as many
 */
record GgufVocabulary(GgufFile file, List<String> tokens, List<TokenType> types) {
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";

  GgufVocabulary {
    tokens = List.copyOf(tokens);
    types = List.copyOf(types);
  }

  static GgufVocabulary read(GgufFile file) {
    List<String> tokens = file.texts(TOKENS);
    List<TokenType> types = new ArrayList<>();
    for (double code : file.numbers(TYPES)) {
      types.add(
          TokenType.of(code)
              .orElseThrow(
                  () -> file.bad(TYPES, "has " + code + ", which is the code of no type")));
    }
    if (types.size() != tokens.size()) {
      throw file.bad(TYPES, "has " + types.size() + " types for " + tokens.size() + " tokens");
    }
    return new GgufVocabulary(file, tokens, types);
  }

  /**
   * Ids by text, without those that no text has.
   *
   * @throws org.ssasuite.core.BadInputException if two have the same text
   */
  Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      if (types.get(id) != TokenType.UNUSED && ids.put(tokens.get(id), id) != null) {
        throw file.bad(TOKENS, "has '" + tokens.get(id) + "' twice");
      }
    }
    return Collections.unmodifiableMap(ids);
  }
}
