package org.ssasuite.trainer.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.random.RandomStreams;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.recipe.Alignment;
import org.ssasuite.trainer.recipe.Masking;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.Variant;

/**
 * A small model and its rows by formulas that the golden vectors' maker has too: element i of a
 * matrix is 0.2·z_i, of a norm 1 + 0.1·z_i, from the random stream of seed 1 that the weight's name
 * names; tokens, targets and what is rated are polynomials of the position.
 *
 * @param vector a line of {@code golden/trainer.jsonl}
 */
public record SmallProblem(JsonNode vector) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** All vectors of a kind. */
  public static List<SmallProblem> all(String kind) {
    return Golden.vectors("trainer.jsonl", kind).stream().map(SmallProblem::new).toList();
  }

  private int number(String key) {
    return vector.get(key).asInt();
  }

  private <E extends Enum<E>> E constant(Class<E> type, String key) {
    return Enum.valueOf(type, vector.get(key).asText().toUpperCase(Locale.ROOT));
  }

  /** The model's shape. */
  public ModelConfig config() {
    ObjectNode config = MAPPER.createObjectNode();
    config.put("model_type", "llama-nsa").put("vocab_size", number("V"));
    config.put("hidden_size", number("E")).put("num_hidden_layers", number("L"));
    config.put("num_attention_heads", number("HQ")).put("num_key_value_heads", number("H"));
    config.put("head_dim", number("D")).put("intermediate_size", number("F"));
    config.put("max_position_embeddings", number("T")).put("rope_theta", 1e4);
    config.put("rms_norm_eps", 1e-5).put("tie_word_embeddings", true);
    return ModelConfig.of(Path.of("config.json"), config);
  }

  /** The streams. */
  public Method method() {
    Variant variant = constant(Variant.class, "variant");
    Optional<Alignment> alignment =
        variant == Variant.SSA
            ? Optional.of(
                new Alignment(
                    vector.get("weight").asDouble(),
                    constant(Alignment.Point.class, "point"),
                    constant(Alignment.Norm.class, "norm"),
                    constant(Alignment.Directions.class, "directions")))
            : Optional.empty();
    OptionalInt window =
        variant == Variant.NSA ? OptionalInt.of(number("window")) : OptionalInt.empty();
    return new Method(
        variant,
        new TrainSpec.Attention(number("block"), number("count"), window),
        alignment,
        constant(Masking.class, "masking"));
  }

  /** The stream of each layer. */
  public List<Stream> streams() {
    List<Stream> streams = new ArrayList<>();
    vector.get("modes").forEach(mode -> streams.add(stream(mode.asText())));
    return streams;
  }

  /** A stream by its name. */
  public static Stream stream(String name) {
    return Stream.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The weights. */
  public Parameters parameters(Engine engine) {
    ParameterLayout layout = ParameterLayout.of(ModelLayout.of(config().sizes(), true));
    Parameters parameters = Parameters.random(layout, 1, 1, engine);
    TensorScope.run(
        () -> {
          for (ParameterLayout.Weight weight : layout.weights().values()) {
            Tensor values = engine.numbers(values(weight), weight.axes());
            Parameters.view(parameters.master(), weight).copy_(values);
          }
        });
    parameters.round();
    return parameters;
  }

  private static double[] values(ParameterLayout.Weight weight) {
    RandomStreams.Stream stream = new RandomStreams(1).named(weight.name());
    return LongStream.range(0, weight.elements())
        .mapToDouble(i -> weight.isMatrix() ? 0.2 * stream.normal(i) : 1 + 0.1 * stream.normal(i))
        .toArray();
  }

  private static double[] ramp(int count, double a, double b) {
    return IntStream.range(0, count).mapToDouble(i -> Math.sin(i * a + b)).toArray();
  }

  /** The norm of a tensor and its products with two ramps, as the golden vectors have them. */
  public static double[] sketch(double[] values) {
    double norm = 0;
    double first = 0;
    double second = 0;
    double[] slow = ramp(values.length, 0.9, 0.7);
    double[] fast = ramp(values.length, 2.3, 0.7);
    for (int i = 0; i < values.length; i++) {
      norm += values[i] * values[i];
      first += values[i] * slow[i];
      second += values[i] * fast[i];
    }
    return new double[] {Math.sqrt(norm), first, second};
  }

  /** The rows; other salts give other tokens. */
  public PackedBatch batch(int salt) {
    int length = number("T");
    int total = number("rows") * length;
    int vocabulary = number("V");
    int[] starts = MAPPER.convertValue(vector.get("documents"), int[].class);
    int[] inputs = new int[total];
    int[] targets = new int[total];
    int[] positions = new int[total];
    boolean[] rated = new boolean[total];
    boolean restart = vector.get("positions").asText().equals("restart");
    int document = 0;
    for (int i = 0; i < total; i++) {
      if (i == starts[document + 1]) {
        document++;
      }
      inputs[i] = (i * i * 7 + i * 3 + 5 + salt * 11) % vocabulary;
      targets[i] = (i * 5 + i * i + 1 + salt * 3) % vocabulary;
      rated[i] = (i * 7 + 3) % 5 != 0;
      positions[i] = restart ? i - starts[document] : i % length;
    }
    return new PackedBatch(number("rows"), length, inputs, positions, targets, rated, starts);
  }

  @Override
  public String toString() {
    return "%s %s, %s heads of %s, masking %s, %s %s %s"
        .formatted(
            vector.get("variant").asText(),
            vector.get("modes"),
            vector.get("HQ"),
            vector.get("H"),
            vector.get("masking").asText(),
            vector.get("norm").asText(),
            vector.get("point").asText(),
            vector.get("directions").asText());
  }
}
