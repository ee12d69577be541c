package org.ssasuite.runtime.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Byte-level BPE, by the ways of splitting texts that llama.cpp has names for. Each stands for the
 * {@code tokenizer.json} of the model that the name was made for.
 */
enum BytePairs implements TokenizerKind {
  /** Llama 3, and what was trained from it. */
  LLAMA3(Set.of("llama-bpe", "llama3", "llama-v3"), true, true, false) {
    @Override
    void putSteps(ArrayNode steps) {
      putSplit(steps, Expressions.CONTRACTIONS + Expressions.words("\\p{N}{1,3}", ""));
      putBytes(steps, false);
    }
  },
  /** Qwen 2, 2.5 and 3. */
  QWEN2(Set.of("qwen2"), false, false, true) {
    @Override
    void putSteps(ArrayNode steps) {
      putSplit(steps, Expressions.CONTRACTIONS + Expressions.words("\\p{N}", ""));
      putBytes(steps, false);
    }
  },
  /** SmolLM and SmolLM2; Granite 3, whose splitting is named after Refact's. */
  DIGITS(Set.of("smollm", "refact"), false, false, false) {
    @Override
    void putSteps(ArrayNode steps) {
      steps.addObject().put("type", "Digits").put("individual_digits", true);
      putBytes(steps, true);
    }
  },
  /** Mistral Nemo. */
  TEKKEN(Set.of("tekken"), true, true, false) {
    @Override
    void putSteps(ArrayNode steps) {
      putSplit(steps, Expressions.CASED);
      putBytes(steps, false);
    }
  };

  private static final String KEY = "tokenizer.ggml.pre";
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> names;

  private final boolean begins;
  private final boolean ignoresMerges;
  private final boolean composes;

  BytePairs(Set<String> names, boolean begins, boolean ignoresMerges, boolean composes) {
    this.names = names;
    this.begins = begins;
    this.ignoresMerges = ignoresMerges;
    this.composes = composes;
  }

  /** Expressions of published files. */
  private static final class Expressions {
    static final String CONTRACTIONS =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";

    static final String CASED =
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|"
            + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|"
            + words("\\p{N}", "/");

    /** What stands behind words: numbers, marks, line ends, white space. */
    static String words(String digits, String behindMarks) {
      return digits
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n"
          + behindMarks
          + "]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
  }

  static Optional<BytePairs> of(GgufFile file) {
    Optional<String> name = file.findText(KEY);
    return Arrays.stream(values())
        .filter(kind -> name.filter(kind.names::contains).isPresent())
        .findFirst();
  }

  /** Why a file's way of splitting is none of these. */
  static String unknown(GgufFile file) {
    return "has a tokenizer that splits texts in "
        + file.findText(KEY).map(name -> "the way '" + name + "', which is").orElse("a way that is")
        + " not known here (known are "
        + Arrays.stream(values())
            .flatMap(kind -> kind.names.stream())
            .sorted()
            .collect(Collectors.joining(", "))
        + ")";
  }

  @Override
  public Optional<String> refusal(GgufFile file) {
    for (String key : new String[] {MERGES, GgufVocabulary.TYPES}) {
      if (file.find(key).isEmpty()) {
        return Optional.of("has a tokenizer without '" + key + "'");
      }
    }
    return file.findFlag(ADD_SPACE).orElse(false)
        ? Optional.of("has a tokenizer that puts a space before texts, which is not known here")
        : Optional.empty();
  }

  @Override
  public boolean begins() {
    return begins;
  }

  @Override
  public void putParts(ObjectNode tokenizer) {
    if (composes) {
      tokenizer.putObject("normalizer").put("type", "NFC");
    } else {
      tokenizer.putNull("normalizer");
    }
    ObjectNode before = tokenizer.putObject("pre_tokenizer").put("type", "Sequence");
    putSteps(before.putArray("pretokenizers"));
    putBytes(tokenizer.putObject("decoder"), true);
  }

  /** Adds the steps that split texts. */
  abstract void putSteps(ArrayNode steps);

  private static void putSplit(ArrayNode steps, String expression) {
    ObjectNode split = steps.addObject().put("type", "Split");
    split.putObject("pattern").put("Regex", expression);
    split.put("behavior", "Isolated").put("invert", false);
  }

  private static void putBytes(ArrayNode steps, boolean splits) {
    putBytes(steps.addObject(), splits);
  }

  private static void putBytes(ObjectNode step, boolean splits) {
    step.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", splits);
  }

  @Override
  public void putModel(ObjectNode model, GgufVocabulary vocabulary) {
    model.putNull("unk_token").put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", ignoresMerges);
    Map<String, Integer> ids = vocabulary.ids();
    ObjectNode all = model.putObject("vocab");
    ids.forEach(all::put);
    ArrayNode merges = model.putArray("merges");
    for (String merge : vocabulary.file().texts(MERGES)) {
      int space = merge.indexOf(' ', 1);
      String left = space < 0 ? "" : merge.substring(0, space);
      String right = space < 0 ? "" : merge.substring(space + 1);
      if (!ids.containsKey(left) || !ids.containsKey(right) || !ids.containsKey(left + right)) {
        throw vocabulary.file().bad(MERGES, "has '" + merge + "', which is no merge of its tokens");
      }
      merges.addArray().add(left).add(right);
    }
  }
}
