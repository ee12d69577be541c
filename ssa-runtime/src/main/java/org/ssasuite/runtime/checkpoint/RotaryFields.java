package org.ssasuite.runtime.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rotary positions as a config states them: transformers 4 in {@code rope_theta} and {@code
 * rope_scaling}, transformers 5 in {@code rope_parameters}. Where a config has both, transformers
 * reads {@code rope_scaling} alone; what the other says differently is refused, since one of the
 * two was not meant.
 *
 * <p>Source: transformers 5.24, {@code RotaryEmbeddingConfigMixin.convert_rope_params_to_dict}.
 */
record RotaryFields(double theta, RopeScaling scaling) {
  private static final String THETA = "rope_theta";
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";

  /** Of every type; what a type reads itself stands there. */
  private static final Set<String> KEYS = Set.of(THETA, "rope_type", "type");

  /** Keys that stand for no change where a type does not read them. */
  private static final List<String> FACTORS = List.of("partial_rotary_factor", "attention_factor");

  /** What one of the objects says. */
  private record Stated(Optional<Double> theta, RopeScaling scaling) {}

  /**
   * Reads them.
   *
   * @param trained the length of training
   * @param silent theta where nothing is stated
   */
  static RotaryFields of(ConfigFields fields, int trained, double silent) {
    Optional<Double> outside = theta(fields);
    Optional<Stated> four = stated(fields, SCALING, trained);
    Optional<Stated> five = stated(fields, PARAMETERS, trained);
    Optional<Stated> read = four.or(() -> five);
    double theta = read.flatMap(Stated::theta).or(() -> outside).orElse(silent);
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
    return fields.find(THETA).map(any -> fields.positive(THETA, 1));
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
    RopeType known =
        RopeType.ALL.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() -> rope.bad("rope_type", "is '" + name + "'; known are " + names()));
    requireKnown(rope, field, known);
    return known.stated().of(rope, trained);
  }

  private static String names() {
    return RopeType.ALL.stream().map(RopeType::name).collect(Collectors.joining(" and "));
  }

  private static boolean isKnown(String key, RopeType type) {
    return KEYS.contains(key) || FACTORS.contains(key) || type.keys().contains(key);
  }

  private static void requireKnown(ConfigFields rope, String field, RopeType type) {
    rope.object()
        .properties()
        .forEach(
            entry -> {
              if (!isKnown(entry.getKey(), type) && ConfigKeys.saysSomething(entry.getValue())) {
                throw rope.bad(
                    entry.getKey(),
                    "in '" + field + "' is " + entry.getValue() + ", which is not known here");
              }
            });
    for (String one : FACTORS) {
      if (!type.keys().contains(one) && rope.positive(one, 1) != 1) {
        throw rope.bad(one, "is " + rope.object().get(one) + "; known is 1");
      }
    }
  }

  /** Outside of the object the length counts in transformers 5 and not in 4. */
  private static void requireTrained(ConfigFields fields, RopeScaling scaling) {
    Optional<Integer> outside = fields.findSize(RopeType.TRAINED);
    OptionalInt inside = scaling.stretchedFrom();
    if (inside.isPresent() && outside.isPresent() && outside.orElseThrow() != inside.getAsInt()) {
      throw fields.bad(
          RopeType.TRAINED,
          "is " + outside.orElseThrow() + ", and " + inside.getAsInt() + " for the scaling");
    }
  }
}
