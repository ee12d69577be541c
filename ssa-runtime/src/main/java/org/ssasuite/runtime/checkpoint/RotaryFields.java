package org.ssasuite.runtime.checkpoint;

import java.util.HashSet;
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
 *
 * @param turned how many of a head's features are turned
 */
record RotaryFields(double theta, RopeScaling scaling, int turned) {
  private static final String THETA = "rope_theta";
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";

  /** The share of a head's features that is turned, of families that have it. */
  static final String PARTIAL = "partial_rotary_factor";

  /** Of every type; what a type reads itself stands there. */
  private static final Set<String> KEYS = Set.of(THETA, "rope_type", "type");

  /** Keys that stand for no change where a type does not read them. */
  private static final List<String> FACTORS = List.of(PARTIAL, RopeType.AMPLITUDE);

  /** What one of the objects says. */
  private record Stated(Optional<Double> theta, RopeScaling scaling) {}

  /**
   * Reads them.
   *
   * @param trained the length of training
   */
  static RotaryFields of(ConfigFields fields, int trained, ModelSizes sizes) {
    Optional<Double> outside = theta(fields);
    ModelFamily family = sizes.family();
    int turned = family == ModelFamily.PHI3 ? turned(fields, sizes.headDim()) : sizes.headDim();
    RopeType.Model model = RopeType.Model.of(fields, family, trained, turned / 2);
    Optional<Stated> four = stated(fields, SCALING, model);
    Optional<Stated> five = stated(fields, PARAMETERS, model);
    Optional<Stated> read = four.or(() -> five);
    double theta = read.flatMap(Stated::theta).or(() -> outside).orElse(family.defaults().theta());
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
    requireTrained(fields, model, scaling);
    return new RotaryFields(theta, scaling, turned);
  }

  /** An even number of features. */
  private static int turned(ConfigFields fields, int headDim) {
    Set<Double> shares = new HashSet<>();
    List<Optional<ConfigFields>> places =
        List.of(Optional.of(fields), fields.findObject(SCALING), fields.findObject(PARAMETERS));
    places.stream()
        .flatMap(Optional::stream)
        .filter(place -> place.find(PARTIAL).isPresent())
        .forEach(place -> shares.add(place.positive(PARTIAL, 1)));
    if (shares.size() > 1) {
      throw fields.bad(PARTIAL, "is " + shares + " at different places");
    }
    double share = shares.stream().findFirst().orElse(1.0);
    int turned = (int) (headDim * share);
    if (share > 1 || turned < 2 || turned % 2 != 0) {
      throw fields.bad(
          PARTIAL, "is " + share + " of " + headDim + "; an even number of features is needed");
    }
    return turned;
  }

  private static Optional<Double> theta(ConfigFields fields) {
    return fields.find(THETA).map(any -> fields.positive(THETA, 1));
  }

  /** An empty object says nothing, as in Python. */
  private static Optional<Stated> stated(ConfigFields fields, String field, RopeType.Model model) {
    return fields
        .findObject(field)
        .filter(rope -> !rope.object().isEmpty())
        .map(rope -> new Stated(theta(rope), scaling(rope, field, model)));
  }

  private static RopeScaling scaling(ConfigFields rope, String field, RopeType.Model model) {
    Optional<String> type = rope.findText("rope_type");
    Optional<String> older = rope.findText("type");
    if (type.isPresent() && older.isPresent() && !type.equals(older)) {
      throw rope.bad(
          "rope_type", "is '" + type.orElseThrow() + "' and 'type' '" + older.orElseThrow() + "'");
    }
    String stated = type.or(() -> older).orElse("default");
    String name = RopeType.name(stated, model.family());
    List<RopeType> types = RopeType.of(model.family());
    RopeType known =
        types.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () -> rope.bad("rope_type", "is '" + stated + "'; known are " + names(types)));
    requireKnown(rope, field, known, model.family());
    return known.stated().of(rope, model);
  }

  private static String names(List<RopeType> types) {
    return types.stream().map(RopeType::name).collect(Collectors.joining(", "));
  }

  private static boolean isKnown(String key, RopeType type) {
    return KEYS.contains(key) || FACTORS.contains(key) || type.keys().contains(key);
  }

  private static void requireKnown(
      ConfigFields rope, String field, RopeType type, ModelFamily family) {
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
      boolean read = type.keys().contains(one) || family.keys().contains(one);
      if (!read && rope.positive(one, 1) != 1) {
        throw rope.bad(one, "is " + rope.object().get(one) + "; known is 1");
      }
    }
  }

  /** Outside of the object the length counts in transformers 5 and not in 4. */
  private static void requireTrained(
      ConfigFields fields, RopeType.Model model, RopeScaling scaling) {
    Optional<Integer> outside = model.original();
    OptionalInt inside = scaling.stretchedFrom();
    if (inside.isPresent() && outside.isPresent() && outside.orElseThrow() != inside.getAsInt()) {
      throw fields.bad(
          RopeType.TRAINED,
          "is " + outside.orElseThrow() + ", and " + inside.getAsInt() + " for the scaling");
    }
  }
}
