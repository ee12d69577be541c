package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Precision;

/**
 * What the {@code config.json} of a model that is to be made says of its weights. Other keys are
 * not looked at: whoever reads the model says what they mean.
 *
 * @param format that the weights are stored in
 * @param initializerRange the spread of the matrices' numbers
 */
public record NewModelConfig(ModelSizes sizes, Precision format, double initializerRange) {
  // What Hugging Face's Llama takes where the config is silent.
  private static final double DEFAULT_INITIALIZER_RANGE = 0.02;
  private static final String RANGE = "initializer_range";
  private static final int MOST_LAYERS = 4096;

  /** Flags for tensors that not every family has. */
  private static final List<String> BIASES = List.of("attention_bias", "mlp_bias");

  public NewModelConfig {
    Objects.requireNonNull(sizes);
    Objects.requireNonNull(format);
  }

  /**
   * Reads it.
   *
   * @param file what messages name
   * @throws BadInputException for an unknown model_type, missing or senseless sizes, biases, and
   *     number formats that are not known
   */
  public static NewModelConfig of(Path file, JsonNode config) {
    if (!config.isObject()) {
      throw new BadInputException(file, "is no JSON object");
    }
    ConfigFields fields = new ConfigFields(file, config);
    ModelSizes sizes = ModelSizes.of(fields);
    if (sizes.layers() > MOST_LAYERS) {
      throw fields.bad("num_hidden_layers", "is " + sizes.layers() + ", more than " + MOST_LAYERS);
    }
    for (String bias : BIASES) {
      if (!sizes.family().keys().contains(bias) && fields.flag(bias, false)) {
        throw fields.bad(
            bias, "is true: " + sizes.family().modelType() + " has no biases by that key");
      }
    }
    return new NewModelConfig(sizes, format(fields), initializerRange(fields));
  }

  /** What {@code torch_dtype}, in newer files {@code dtype}, says; fp32 where nothing does. */
  private static Precision format(ConfigFields fields) {
    Optional<Precision> older = format(fields, "torch_dtype");
    Optional<Precision> newer = format(fields, "dtype");
    if (older.isPresent() && newer.isPresent() && !older.equals(newer)) {
      throw fields.bad("torch_dtype", "and 'dtype' differ");
    }
    return older.or(() -> newer).orElse(Precision.FP32);
  }

  private static Optional<Precision> format(ConfigFields fields, String key) {
    return fields
        .findText(key)
        .map(
            name ->
                Precision.ofTorch(name)
                    .orElseThrow(
                        () ->
                            fields.bad(
                                key, "is '" + name + "', not bfloat16, float16 or float32")));
  }

  private static double initializerRange(ConfigFields fields) {
    Optional<JsonNode> stated = fields.find(RANGE);
    if (stated.isEmpty()) {
      return DEFAULT_INITIALIZER_RANGE;
    }
    JsonNode value = stated.orElseThrow();
    if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1000)) {
      throw fields.bad(RANGE, "is " + value + ", not a number from 0 to 1000");
    }
    return value.doubleValue();
  }
}
