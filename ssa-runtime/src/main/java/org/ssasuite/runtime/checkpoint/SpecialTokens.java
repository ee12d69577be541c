package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;

/**
 * What the files beside {@code config.json} say of tokens that begin and end texts, as transformers
 * reads them: {@code special_tokens_map.json} over {@code tokenizer_config.json}, unless the latter
 * lists its added tokens; where neither states a token, the one that the tokenizer's class has.
 * What ends a generation is {@code generation_config.json}'s, where there is one.
 *
 * <p>Source: transformers 4.53.3 and 5.24.0, {@code _from_pretrained} of {@code
 * tokenization_utils_base.py}, {@code GenerationMixin} of {@code generation/utils.py}.
 *
 * @param begin the token that begins a text
 * @param end the token that ends one
 * @param generationEnds ids that end a generation; absent where {@code config.json} says which
 */
public record SpecialTokens(
    Optional<Named> begin, Optional<Named> end, Optional<List<Integer>> generationEnds) {
  private static final String TOKENIZER = "tokenizer_config.json";
  private static final String MAP = "special_tokens_map.json";
  private static final String GENERATION = "generation_config.json";

  /** Begin and end of the classes that have their own; an empty text stands for none. */
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          "", List.of("<s>", "</s>"),
          "LlamaTokenizer", List.of("<s>", "</s>"),
          "CodeLlamaTokenizer", List.of("<s>", "</s>"),
          "GPT2Tokenizer", List.of("<|endoftext|>", "<|endoftext|>"),
          "Qwen2Tokenizer", List.of("", "<|endoftext|>"),
          "GemmaTokenizer", List.of("<bos>", "<eos>"));

  public SpecialTokens {
    Objects.requireNonNull(begin);
    Objects.requireNonNull(end);
    generationEnds = generationEnds.map(List::copyOf);
  }

  /**
   * A token by its text.
   *
   * @param file that states it; absent if it is the class's own
   */
  public record Named(String text, Optional<Path> file) {
    public Named {
      Objects.requireNonNull(text);
      Objects.requireNonNull(file);
    }
  }

  /**
   * The texts of other special tokens that files state, by the names that chat templates have for
   * them.
   *
   * @throws BadInputException as {@link #read} does
   */
  public static Map<String, String> others(Path folder) {
    List<ConfigFields> files = named(folder);
    Map<String, String> others = new TreeMap<>();
    for (String name : List.of("unk_token", "pad_token", "sep_token", "cls_token", "mask_token")) {
      token(files, name, "").ifPresent(token -> others.put(name, token.text()));
    }
    return others;
  }

  /** Those of the files that a folder has. */
  public static List<Path> files(Path folder) {
    return List.of(GENERATION, MAP, TOKENIZER).stream()
        .map(folder::resolve)
        .filter(SpecialTokens::isThere)
        .toList();
  }

  /**
   * Reads the files that are there.
   *
   * @throws BadInputException if one is no JSON object, or a token in it is no token
   */
  public static SpecialTokens read(Path folder) {
    Optional<ConfigFields> tokenizer = find(folder.resolve(TOKENIZER));
    List<ConfigFields> files = named(folder);
    String type = tokenizer.flatMap(fields -> fields.findText("tokenizer_class")).orElse("");
    String plain = type.endsWith("Fast") ? type.substring(0, type.length() - 4) : type;
    List<String> own = CLASSES.getOrDefault(plain, List.of("", ""));
    return new SpecialTokens(
        token(files, "bos_token", own.get(0)),
        token(files, "eos_token", own.get(1)),
        generationEnds(folder));
  }

  /** What names tokens, the first before the second. */
  private static List<ConfigFields> named(Path folder) {
    Optional<ConfigFields> tokenizer = find(folder.resolve(TOKENIZER));
    Optional<ConfigFields> map =
        tokenizer.filter(fields -> fields.object().has("added_tokens_decoder")).isPresent()
            ? Optional.empty()
            : find(folder.resolve(MAP));
    List<ConfigFields> files = new ArrayList<>();
    map.ifPresent(files::add);
    tokenizer.ifPresent(files::add);
    return files;
  }

  /**
   * What the files of a folder say where they are there, else what weights say by themselves.
   *
   * @throws BadInputException as {@link #read} does
   */
  static SpecialTokens over(Path folder, SpecialTokens own) {
    SpecialTokens read = read(folder);
    boolean named = isThere(folder.resolve(TOKENIZER)) || isThere(folder.resolve(MAP));
    return new SpecialTokens(
        named ? read.begin() : own.begin(),
        named ? read.end() : own.end(),
        isThere(folder.resolve(GENERATION)) ? read.generationEnds() : own.generationEnds());
  }

  /** A link that leads nowhere too, so that it is told instead of passed over. */
  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Optional<ConfigFields> find(Path file) {
    return isThere(file)
        ? Optional.of(new ConfigFields(file, ModelConfig.object(file)))
        : Optional.empty();
  }

  private static Optional<Named> token(List<ConfigFields> files, String field, String own) {
    for (ConfigFields fields : files) {
      if (fields.object().has(field)) {
        return fields
            .find(field)
            .map(value -> text(fields, field, value))
            .filter(text -> !text.isEmpty())
            .map(text -> new Named(text, Optional.of(fields.file())));
      }
    }
    return own.isEmpty() ? Optional.empty() : Optional.of(new Named(own, Optional.empty()));
  }

  /** A text, or an object whose {@code content} is one. */
  private static String text(ConfigFields fields, String field, JsonNode value) {
    JsonNode text = value.isObject() ? value.path("content") : value;
    if (!text.isTextual()) {
      throw fields.bad(field, "is " + value + "; a token's text is needed");
    }
    return text.textValue();
  }

  private static Optional<List<Integer>> generationEnds(Path folder) {
    Optional<ConfigFields> generation = find(folder.resolve(GENERATION));
    if (generation.isPresent()) {
      return Optional.of(ends(generation.orElseThrow()));
    }
    Optional<ConfigFields> config = find(folder.resolve("config.json"));
    return config.filter(fields -> fields.object().has("eos_token_id")).isPresent()
        ? Optional.empty()
        : Optional.of(silentEnds(config));
  }

  /** What ends a generation where a config does not say. */
  private static List<Integer> silentEnds(Optional<ConfigFields> config) {
    ModelFamily family =
        config
            .flatMap(fields -> fields.findText("model_type"))
            .flatMap(ModelFamily::named)
            .orElse(ModelFamily.LLAMA);
    return family.defaults().endToken().stream().boxed().toList();
  }

  private static List<Integer> ends(ConfigFields fields) {
    List<Integer> ids = new ArrayList<>();
    Optional<JsonNode> stated = fields.find("eos_token_id");
    if (stated.isEmpty() || !stated.orElseThrow().isArray()) {
      fields.findCount("eos_token_id").ifPresent(ids::add);
      return ids;
    }
    for (JsonNode id : stated.orElseThrow()) {
      if (!id.isInt() || id.intValue() < 0) {
        throw fields.bad("eos_token_id", "holds " + id + "; ids of tokens are needed");
      }
      ids.add(id.intValue());
    }
    return ids;
  }

  /** The texts whose ids are wanted of a tokenizer. */
  public Set<String> texts() {
    Set<String> texts = new HashSet<>();
    begin.ifPresent(token -> texts.add(token.text()));
    end.ifPresent(token -> texts.add(token.text()));
    return texts;
  }

  /** In one line, for what is recorded of a run. */
  public String text() {
    return "begin %s, end %s, generations end at %s"
        .formatted(
            begin.map(Named::text).orElse("as config.json says"),
            end.map(Named::text).orElse("as config.json says"),
            generationEnds.map(List::toString).orElse("config.json's"));
  }
}
