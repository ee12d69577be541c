package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.runtime.engine.HeadDimensions;

/**
 * A model of a Llama's build, from {@code config.json} as transformers 4 and 5 write it.
 *
 * @param trainedTokens {@code max_position_embeddings}
 * @param turnedDim how many of a head's features are turned by positions, from the first on
 * @param window tokens that layers with a sliding window look back over; absent: none has one
 * @param budget the sparse one that it states
 * @param beginToken as stated, perhaps none of the vocabulary's
 * @param endTokens ids of the vocabulary that end a generation; may be empty
 * @param sparseByDefault {@code inference_mode: sparse}
 */
public record ModelConfig(
    ModelSizes sizes,
    int trainedTokens,
    double ropeTheta,
    RopeScaling ropeScaling,
    int turnedDim,
    double normEpsilon,
    Departures departures,
    OptionalInt window,
    ModelBudget budget,
    OptionalInt beginToken,
    List<Integer> endTokens,
    boolean sparseByDefault) {
  /** What a config may take on disk: real ones have a few kilobytes. */
  private static final long MAX_BYTES = 4L << 20;

  public ModelConfig {
    Objects.requireNonNull(sizes);
    Objects.requireNonNull(ropeScaling);
    Objects.requireNonNull(departures);
    Objects.requireNonNull(window);
    Objects.requireNonNull(budget);
    Objects.requireNonNull(beginToken);
    endTokens = List.copyOf(endTokens);
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws BadInputException for a file that is missing or no JSON object, an unknown model_type
   *     or rope type, missing or impossible sizes, and keys that make it another model than the one
   *     that is computed
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
    ModelSizes sizes = ModelSizes.of(fields);
    if (!HeadDimensions.contain(sizes.headDim())) {
      throw fields.bad(
          "head_dim", "is " + sizes.headDim() + "; the kernels know " + HeadDimensions.TEXT);
    }
    ConfigKeys.require(fields, sizes);
    FamilyDefaults defaults = sizes.family().defaults();
    int trained = fields.findSize("max_position_embeddings").orElse(defaults.trained());
    RotaryFields rotary = RotaryFields.of(fields, trained, sizes);
    Departures departures = Departures.of(fields, sizes);
    return new ModelConfig(
        sizes,
        trained,
        rotary.theta(),
        rotary.scaling(),
        rotary.turned(),
        fields.positive("rms_norm_eps", defaults.epsilon()),
        departures,
        WindowFields.of(fields, sizes, departures),
        budget(fields),
        beginToken(fields),
        endTokens(fields, sizes.vocabulary()),
        sparseByDefault(fields));
  }

  public int vocabulary() {
    return sizes.vocabulary();
  }

  public int hidden() {
    return sizes.hidden();
  }

  public int layers() {
    return sizes.layers();
  }

  public int queryHeads() {
    return sizes.queryHeads();
  }

  public int kvHeads() {
    return sizes.kvHeads();
  }

  public int headDim() {
    return sizes.headDim();
  }

  public int feedForward() {
    return sizes.feedForward();
  }

  /** Whether the vocabulary head is the embedding. */
  public boolean tied() {
    return sizes.tied();
  }

  /** Query heads per KV head. */
  public int group() {
    return queryHeads() / kvHeads();
  }

  /**
   * How long a text may be; absent where any length is computed.
   *
   * @param rope the scaling that positions are turned with
   */
  public Optional<TextLimit> limit(RopeScaling rope) {
    Optional<TextLimit> looks =
        window.isPresent()
            ? Optional.of(
                new TextLimit(
                    window.getAsInt(),
                    "the 'sliding_window' of config.json: beyond it a window is not computed"))
            : Optional.empty();
    return Stream.of(looks, rope.limit())
        .flatMap(Optional::stream)
        .min(Comparator.comparingInt(TextLimit::tokens));
  }

  static JsonNode object(Path file) {
    JsonNode node = JsonDocument.read(new DataFile(file, MAX_BYTES), JsonDocument.Keys.ONCE);
    if (!node.isObject()) {
      throw new BadInputException(file, "not a JSON object");
    }
    return node;
  }

  static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
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

  /** As stated: whether the vocabulary has it is asked where it is needed. */
  static OptionalInt beginToken(ConfigFields fields) {
    Optional<JsonNode> stated = fields.find("bos_token_id");
    return stated.isPresent() && isNone(stated.orElseThrow())
        ? OptionalInt.empty()
        : fields.findCount("bos_token_id").map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** Those that the vocabulary has: another is never written. */
  static List<Integer> endTokens(ConfigFields fields, int vocabulary) {
    Optional<JsonNode> stated = fields.find("eos_token_id");
    List<Integer> ids = new ArrayList<>();
    if (stated.isPresent() && stated.orElseThrow().isArray()) {
      for (JsonNode id : stated.orElseThrow()) {
        if (!id.isInt()) {
          throw fields.bad("eos_token_id", "holds " + id + "; whole numbers are needed");
        }
        ids.add(id.intValue());
      }
    } else if (stated.isPresent() && !isNone(stated.orElseThrow())) {
      fields.findCount("eos_token_id").ifPresent(ids::add);
    }
    ids.removeIf(id -> id < 0 || id >= vocabulary);
    return ids;
  }

  /** Some write −1 for a token that there is not. */
  private static boolean isNone(JsonNode id) {
    return id.isInt() && id.intValue() < 0;
  }

  private static boolean sparseByDefault(ConfigFields fields) {
    String mode = fields.findText("inference_mode").orElse("full");
    if (!mode.equals("full") && !mode.equals("sparse")) {
      throw fields.bad("inference_mode", "is '" + mode + "'; known are full and sparse");
    }
    return mode.equals("sparse");
  }

  /** The same model with a vocabulary head of its own. */
  ModelConfig untied() {
    return new ModelConfig(
        sizes.untied(),
        trainedTokens,
        ropeTheta,
        ropeScaling,
        turnedDim,
        normEpsilon,
        departures,
        window,
        budget,
        beginToken,
        endTokens,
        sparseByDefault);
  }

  /** The same model with other rotary waves. */
  ModelConfig scaled(RopeScaling scaling) {
    return new ModelConfig(
        sizes,
        trainedTokens,
        ropeTheta,
        scaling,
        turnedDim,
        normEpsilon,
        departures,
        window,
        budget,
        beginToken,
        endTokens,
        sparseByDefault);
  }
}
