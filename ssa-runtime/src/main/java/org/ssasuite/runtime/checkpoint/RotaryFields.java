package org.ssasuite.runtime.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;

/**
 * Rotary positions as a config states them: transformers 4 in {@code rope_theta} and {@code
 * rope_scaling}, transformers 5 in {@code rope_parameters}. Where a config has both, transformers
 * reads {@code rope_scaling} alone; what the other says differently is refused, since one of the
 * two was not meant.
 *
 * <p>Source: transformers 5.24, {@code RotaryEmbeddingConfigMixin.convert_rope_params_to_dict}.
 */
record RotaryFields(double theta, RopeScaling scaling) {
  private static final double DEFAULT_THETA = 10_000;
  private static final String THETA = "rope_theta";
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";
  private static final String TRAINED = "original_max_position_embeddings";
  private static final String FACTOR = "factor";

  private static final Set<String> KEYS =
      Set.of(
          THETA,
          "rope_type",
          "type",
          FACTOR,
          "low_freq_factor",
          "high_freq_factor",
          TRAINED,
          "partial_rotary_factor",
          "attention_factor");

  /** What one of the objects says. */
  private record Stated(Optional<Double> theta, RopeScaling scaling) {}

  static RotaryFields of(ConfigFields fields, int trained) {
    Optional<Double> outside = theta(fields);
    Optional<Stated> four = stated(fields, SCALING, trained);
    Optional<Stated> five = stated(fields, PARAMETERS, trained);
    Optional<Stated> read = four.or(() -> five);
    double theta = read.flatMap(Stated::theta).or(() -> outside).orElse(DEFAULT_THETA);
    RopeScaling scaling = read.map(Stated::scaling).orElseGet(RopeScaling.Default::new);
    if (five.isPresent() && !five.orElseThrow().scaling().equals(scaling)) {
      throw fields.bad(SCALING, "is another than that in '" + PARAMETERS + "'");
    }
    for (Optional<Double> other :
        List.of(outside, four.flatMap(Stated::theta), five.flatMap(Stated::theta))) {
      if (other.isPresent() && other.orElseThrow() != theta) {
        throw fields.bad(
            THETA, "is " + theta + " at one place and " + other.orElseThrow() + " at another");
      }
    }
    requireTrained(fields, scaling);
    return new RotaryFields(theta, scaling);
  }

  private static Optional<Double> theta(ConfigFields fields) {
    return fields.find(THETA).map(any -> fields.positive(THETA, DEFAULT_THETA));
  }

  /** An empty object says nothing, as in Python. */
  private static Optional<Stated> stated(ConfigFields fields, String field, int trained) {
    return fields
        .findObject(field)
        .filter(rope -> !rope.object().isEmpty())
        .map(rope -> new Stated(theta(rope), scaling(rope, field, trained)));
  }

  private static RopeScaling scaling(ConfigFields rope, String field, int trained) {
    Optional<String> type = rope.findText("rope_type");
    Optional<String> older = rope.findText("type");
    if (type.isPresent() && older.isPresent() && !type.equals(older)) {
      throw rope.bad(
          "rope_type", "is '" + type.orElseThrow() + "' and 'type' '" + older.orElseThrow() + "'");
    }
    String name = type.or(() -> older).orElse("default");
    if (!name.equals("default") && !name.equals("llama3")) {
      throw rope.bad("rope_type", "is '" + name + "'; known are default and llama3");
    }
    requireKnown(rope, field);
    return name.equals("llama3") ? llama3(rope, trained) : unscaled(rope);
  }

  private static void requireKnown(ConfigFields rope, String field) {
    rope.object()
        .properties()
        .forEach(
            entry -> {
              if (!KEYS.contains(entry.getKey()) && ConfigKeys.saysSomething(entry.getValue())) {
                throw rope.bad(
                    entry.getKey(),
                    "in '" + field + "' is " + entry.getValue() + ", which is not known here");
              }
            });
    for (String one : List.of("partial_rotary_factor", "attention_factor")) {
      if (rope.positive(one, 1) != 1) {
        throw rope.bad(one, "is " + rope.object().get(one) + "; known is 1");
      }
    }
  }

  private static RopeScaling unscaled(ConfigFields rope) {
    if (rope.positive(FACTOR, 1) != 1) {
      throw rope.bad(
          FACTOR, "is " + rope.object().get(FACTOR) + " without a 'rope_type' that uses it");
    }
    return new RopeScaling.Default();
  }

  private static RopeScaling llama3(ConfigFields rope, int trained) {
    if (rope.find(FACTOR).isEmpty()) {
      throw rope.bad(FACTOR, "is missing");
    }
    try {
      return new RopeScaling.Llama3(
          rope.positive(FACTOR, 1),
          rope.positive("low_freq_factor", 1),
          rope.positive("high_freq_factor", 4),
          rope.findSize(TRAINED).orElse(trained));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(rope.file(), e.getMessage());
    }
  }

  /** Outside of the object the length counts in transformers 5 and not in 4. */
  private static void requireTrained(ConfigFields fields, RopeScaling scaling) {
    Optional<Integer> outside = fields.findSize(TRAINED);
    if (scaling instanceof RopeScaling.Llama3 llama3
        && outside.isPresent()
        && outside.orElseThrow() != llama3.originalTokens()) {
      throw fields.bad(
          TRAINED,
          "is " + outside.orElseThrow() + ", and " + llama3.originalTokens() + " for the scaling");
    }
  }
}
