package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.files.DataFile;

/**
 * The shape of a Llama-type model, from {@code config.json} as transformers 4 and 5 write it.
 *
 * @param queryHeads a multiple of kvHeads
 * @param trainedTokens {@code max_position_embeddings}
 * @param tied whether the vocabulary head is the embedding
 * @param endTokens ids that end a generation; may be empty
 * @param sparseByDefault {@code inference_mode: sparse}
 */
public record ModelConfig(
    int vocabulary,
    int hidden,
    int layers,
    int queryHeads,
    int kvHeads,
    int headDim,
    int feedForward,
    int trainedTokens,
    double ropeTheta,
    RopeScaling ropeScaling,
    double normEpsilon,
    boolean tied,
    ModelBudget budget,
    OptionalInt beginToken,
    List<Integer> endTokens,
    boolean sparseByDefault,
    Optional<ElementType> elementType) {
  /** What a config may take on disk: real ones have a few kilobytes. */
  private static final long MAX_BYTES = 4L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public ModelConfig {
    Objects.requireNonNull(ropeScaling);
    Objects.requireNonNull(budget);
    Objects.requireNonNull(beginToken);
    endTokens = List.copyOf(endTokens);
    Objects.requireNonNull(elementType);
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws BadInputException for a file that is missing or no JSON object, an unknown model_type,
   *     rope type or activation, missing or impossible sizes
   */
  public static ModelConfig read(Path file) {
    return of(file, object(file));
  }

  /**
   * The same for a config that is read already.
   *
   * @param file what messages name
   */
  public static ModelConfig of(Path file, JsonNode config) {
    ConfigFields fields = new ConfigFields(file, config);
    String type = fields.findText("model_type").orElse("");
    if (!type.equals("llama") && !type.equals("llama-nsa")) {
      throw fields.bad("model_type", "is '" + type + "'; known are llama and llama-nsa");
    }
    refuseUnknownParts(fields);
    int hidden = fields.size("hidden_size");
    int queryHeads = fields.size("num_attention_heads");
    int kvHeads = fields.findSize("num_key_value_heads").orElse(queryHeads);
    if (queryHeads % kvHeads != 0) {
      throw fields.bad("num_key_value_heads", "is " + kvHeads + " for " + queryHeads + " heads");
    }
    int headDim = headDim(fields, hidden, queryHeads);
    int trained = fields.findSize("max_position_embeddings").orElse(2048);
    int vocabulary = fields.size("vocab_size");
    return new ModelConfig(
        vocabulary,
        hidden,
        fields.size("num_hidden_layers"),
        queryHeads,
        kvHeads,
        headDim,
        fields.size("intermediate_size"),
        trained,
        ropeTheta(fields),
        ropeScaling(fields, trained),
        fields.positive("rms_norm_eps", 1e-6),
        fields.flag("tie_word_embeddings", false),
        budget(fields),
        beginToken(fields, vocabulary),
        endTokens(fields, vocabulary),
        sparseByDefault(fields),
        elementType(fields));
  }

  /** Query heads per KV head. */
  public int group() {
    return queryHeads / kvHeads;
  }

  static JsonNode object(Path file) {
    try {
      JsonNode node = MAPPER.readTree(new DataFile(file, MAX_BYTES).text());
      if (node == null || !node.isObject()) {
        throw new BadInputException(file, "not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new BadInputException(file.toString(), "not JSON: " + firstLine(e.getMessage()), e);
    }
  }

  static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static void refuseUnknownParts(ConfigFields fields) {
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      if (fields.flag(bias, false)) {
        throw fields.bad(bias, "is true; models with biases are not known here");
      }
    }
    String activation = fields.findText("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw fields.bad("hidden_act", "is '" + activation + "'; known is silu");
    }
  }

  private static int headDim(ConfigFields fields, int hidden, int queryHeads) {
    Optional<Integer> stated = fields.findSize("head_dim");
    if (stated.isEmpty() && hidden % queryHeads != 0) {
      throw fields.bad("num_attention_heads", "is " + queryHeads + " for hidden size " + hidden);
    }
    int headDim = stated.orElseGet(() -> hidden / queryHeads);
    if (headDim < 16 || headDim > 256 || headDim % 16 != 0) {
      throw fields.bad(
          "head_dim", "is " + headDim + "; the kernels know multiples of 16 from 16 to 256");
    }
    return headDim;
  }

  /** transformers 5 keeps theta and scaling together in {@code rope_parameters}. */
  private static double ropeTheta(ConfigFields fields) {
    double outside = fields.positive("rope_theta", 10_000);
    return fields
        .findObject("rope_parameters")
        .map(rope -> rope.positive("rope_theta", outside))
        .orElse(outside);
  }

  private static RopeScaling ropeScaling(ConfigFields fields, int trained) {
    Optional<ConfigFields> stated =
        fields.findObject("rope_parameters").or(() -> fields.findObject("rope_scaling"));
    if (stated.isEmpty()) {
      return new RopeScaling.Default();
    }
    ConfigFields rope = stated.orElseThrow();
    String type = rope.findText("rope_type").or(() -> rope.findText("type")).orElse("default");
    if (type.equals("default")) {
      return new RopeScaling.Default();
    }
    if (!type.equals("llama3")) {
      throw rope.bad("rope_type", "is '" + type + "'; known are default and llama3");
    }
    if (rope.find("factor").isEmpty()) {
      throw rope.bad("factor", "is missing");
    }
    try {
      return new RopeScaling.Llama3(
          rope.positive("factor", 1),
          rope.positive("low_freq_factor", 1),
          rope.positive("high_freq_factor", 4),
          rope.findSize("original_max_position_embeddings").orElse(trained));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(fields.file(), e.getMessage());
    }
  }

  private static ModelBudget budget(ConfigFields fields) {
    Optional<Integer> size = fields.findSize("block_size");
    Optional<Integer> count = fields.findSize("block_counts");
    if (size.isPresent() != count.isPresent()) {
      throw fields.bad(size.isPresent() ? "block_counts" : "block_size", "is missing");
    }
    int window = fields.findCount("window_size").orElse(0);
    return new ModelBudget(
        size.map(s -> new ModelBudget.Budget(s, count.orElseThrow())),
        window == 0 ? OptionalInt.empty() : OptionalInt.of(window));
  }

  private static OptionalInt beginToken(ConfigFields fields, int vocabulary) {
    Optional<Integer> id = fields.findCount("bos_token_id");
    id.ifPresent(n -> requireInVocabulary(fields, "bos_token_id", n, vocabulary));
    return id.isPresent() ? OptionalInt.of(id.orElseThrow()) : OptionalInt.empty();
  }

  private static List<Integer> endTokens(ConfigFields fields, int vocabulary) {
    Optional<JsonNode> stated = fields.find("eos_token_id");
    List<Integer> ids = new ArrayList<>();
    if (stated.isPresent() && stated.orElseThrow().isArray()) {
      for (JsonNode id : stated.orElseThrow()) {
        if (!id.isInt()) {
          throw fields.bad("eos_token_id", "holds " + id + "; whole numbers are needed");
        }
        ids.add(id.intValue());
      }
    } else {
      fields.findCount("eos_token_id").ifPresent(ids::add);
    }
    ids.forEach(id -> requireInVocabulary(fields, "eos_token_id", id, vocabulary));
    return ids;
  }

  private static void requireInVocabulary(
      ConfigFields fields, String field, int id, int vocabulary) {
    if (id < 0 || id >= vocabulary) {
      throw fields.bad(field, "is " + id + "; the vocabulary has " + vocabulary + " ids");
    }
  }

  private static boolean sparseByDefault(ConfigFields fields) {
    String mode = fields.findText("inference_mode").orElse("full");
    if (!mode.equals("full") && !mode.equals("sparse")) {
      throw fields.bad("inference_mode", "is '" + mode + "'; known are full and sparse");
    }
    return mode.equals("sparse");
  }

  private static Optional<ElementType> elementType(ConfigFields fields) {
    return fields
        .findText("dtype")
        .or(() -> fields.findText("torch_dtype"))
        .map(
            name ->
                ElementType.ofTorch(name)
                    .orElseThrow(
                        () ->
                            fields.bad(
                                "torch_dtype",
                                "is '" + name + "'; known are bfloat16, float16, float32")));
  }
}
