package org.ssasuite.runtime.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.gguf.GgufTokenizer;

/** The special tokens that a GGUF file names by their ids. */
final class GgufTokens {
  static final String BEGIN = "tokenizer.ggml.bos_token_id";
  static final String END = "tokenizer.ggml.eos_token_id";

  /** Those that end a turn or a message. */
  private static final List<String> OTHER_ENDS =
      List.of("tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id");

  private static final int MOST = 1 << 28;

  private GgufTokens() {}

  static Optional<Integer> id(GgufFile file, String key) {
    Optional<Long> id = file.findWhole(key);
    id.filter(n -> n < 0 || n > MOST)
        .ifPresent(
            n -> {
              throw file.bad(key, "is " + n + "; the id of a token is needed");
            });
    return id.map(Long::intValue);
  }

  /** What they come to where no files of a tokenizer say otherwise. */
  static SpecialTokens of(GgufFile file) {
    List<String> tokens = GgufTokenizer.tokens(file);
    List<Integer> ends = new ArrayList<>();
    Stream.concat(Stream.of(END), OTHER_ENDS.stream())
        .flatMap(key -> id(file, key).stream())
        .filter(id -> !ends.contains(id))
        .forEach(ends::add);
    return new SpecialTokens(
        GgufTokenizer.beginsTexts(file) ? named(file, BEGIN, tokens) : Optional.empty(),
        named(file, END, tokens),
        Optional.of(ends));
  }

  private static Optional<SpecialTokens.Named> named(
      GgufFile file, String key, List<String> tokens) {
    return id(file, key)
        .filter(id -> id < tokens.size())
        .map(id -> new SpecialTokens.Named(tokens.get(id), Optional.of(file.file())));
  }
}
