package org.ssasuite.runtime.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * SentencePiece's BPE as Llama 2 has it: pieces with scores, bytes for what has no piece, a space
 * before every text. Only vocabularies whose added tokens are the three of Llama 2 are taken: how
 * others stand in texts (Mistral 0.3, Phi 3) is not in the file, and decides ids.
 */
enum SentencePieces implements TokenizerKind {
  LLAMA2;

  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";
  private static final String SHORTENS = "tokenizer.ggml.remove_extra_whitespaces";
  private static final String TABLE = "tokenizer.ggml.precompiled_charsmap";

  private static final String SPACE = "\u2581";
  private static final Set<String> ADDED = Set.of("<unk>", "<s>", "</s>");
  private static final int BYTES = 256;

  /** Of a piece, characters: pairs are looked for at each of its places. */
  private static final int MOST_PIECE = 256;

  @Override
  public Optional<String> refusal(GgufFile file) {
    for (String key : new String[] {SCORES, GgufVocabulary.TYPES}) {
      if (file.find(key).isEmpty()) {
        return Optional.of("has a tokenizer without '" + key + "'");
      }
    }
    if (!file.findFlag(ADD_SPACE).orElse(true)
        || file.findFlag(SHORTENS).orElse(false)
        || file.find(TABLE).isPresent()) {
      return Optional.of("has a tokenizer that changes texts otherwise than Llama 2's");
    }
    return refusal(GgufVocabulary.read(file));
  }

  private static Optional<String> refusal(GgufVocabulary vocabulary) {
    int unknown = 0;
    int bytes = 0;
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      TokenType type = vocabulary.types().get(id);
      String token = vocabulary.tokens().get(id);
      unknown += type == TokenType.UNKNOWN ? 1 : 0;
      bytes += type == TokenType.BYTE ? 1 : 0;
      if (type.isAdded() && !ADDED.contains(token)) {
        return Optional.of(
            "has a tokenizer with the added token '" + token + "', beside Llama 2's three");
      }
    }
    return unknown == 1 && bytes == BYTES
        ? Optional.empty()
        : Optional.of(
            "has a tokenizer with "
                + unknown
                + " unknown tokens and "
                + bytes
                + " bytes, not 1 and 256");
  }

  @Override
  public boolean begins() {
    return true;
  }

  @Override
  public void putParts(ObjectNode tokenizer) {
    ArrayNode before =
        tokenizer.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    before.addObject().put("type", "Prepend").put("prepend", SPACE);
    putReplace(before, " ", SPACE);
    tokenizer.putNull("pre_tokenizer");
    ArrayNode behind = tokenizer.putObject("decoder").put("type", "Sequence").putArray("decoders");
    putReplace(behind, SPACE, " ");
    behind.addObject().put("type", "ByteFallback");
    behind.addObject().put("type", "Fuse");
    behind.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
  }

  private static void putReplace(ArrayNode steps, String what, String by) {
    ObjectNode replace = steps.addObject().put("type", "Replace");
    replace.putObject("pattern").put("String", what);
    replace.put("content", by);
  }

  @Override
  public void putModel(ObjectNode model, GgufVocabulary vocabulary) {
    int unknown = vocabulary.types().indexOf(TokenType.UNKNOWN);
    model.put("unk_token", vocabulary.tokens().get(unknown));
    model.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
    Map<String, Integer> ids = vocabulary.ids();
    ObjectNode all = model.putObject("vocab");
    ids.forEach(all::put);
    ArrayNode merges = model.putArray("merges");
    for (Merge merge : merges(vocabulary, ids)) {
      merges.addArray().add(merge.left()).add(merge.right());
    }
  }

  private record Merge(String left, String right) {}

  /**
   * What merges a vocabulary with scores stands for: each way to cut a piece into two others, the
   * pieces of higher scores first, the ways of one piece by the ids of their parts.
   *
   * <p>Source: transformers, {@code generate_merges} of {@code convert_slow_tokenizer.py}.
   */
  private static List<Merge> merges(GgufVocabulary vocabulary, Map<String, Integer> ids) {
    List<Double> scores = vocabulary.file().numbers(SCORES);
    if (scores.size() != vocabulary.tokens().size()) {
      throw vocabulary
          .file()
          .bad(SCORES, "has " + scores.size() + " for " + vocabulary.tokens().size() + " tokens");
    }
    List<Integer> inOrder = new ArrayList<>(ids.values());
    inOrder.sort(Comparator.comparingDouble(id -> -scores.get(id)));
    List<Merge> merges = new ArrayList<>();
    for (int id : inOrder) {
      String piece = vocabulary.tokens().get(id);
      if (piece.length() > MOST_PIECE) {
        throw vocabulary
            .file()
            .bad(GgufVocabulary.TOKENS, "has a piece of " + piece.length() + " characters");
      }
      IntStream.range(1, piece.length())
          .mapToObj(at -> new Merge(piece.substring(0, at), piece.substring(at)))
          .filter(merge -> ids.containsKey(merge.left()) && ids.containsKey(merge.right()))
          .sorted(
              Comparator.<Merge>comparingInt(merge -> ids.get(merge.left()))
                  .thenComparingInt(merge -> ids.get(merge.right())))
          .forEach(merges::add);
    }
    return merges;
  }
}
