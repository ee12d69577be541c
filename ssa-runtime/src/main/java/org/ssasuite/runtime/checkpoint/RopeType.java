package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/**
 * A way of stretching rotary waves, as {@code config.json} and {@code --rope} name it.
 *
 * <p>Source: transformers 5.24 and 4.57, {@code modeling_rope_utils}.
 *
 * @param name its {@code rope_type}
 * @param form what {@code --rope} takes, for messages; absent: it is not asked for there
 * @param keys of {@code config.json} that it reads
 */
record RopeType(String name, Optional<String> form, Set<String> keys, Stated stated, Asked asked) {
  private static final String FACTOR = "factor";
  private static final String LOW = "low_freq_factor";
  private static final String HIGH = "high_freq_factor";
  private static final String FAST = "beta_fast";
  private static final String SLOW = "beta_slow";
  private static final String TRUNCATE = "truncate";
  private static final String MSCALE = "mscale";
  private static final String MSCALE_ALL = "mscale_all_dim";
  private static final String SHORT = "short_factor";
  private static final String LONG = "long_factor";

  /** What cosines and sines are multiplied by. */
  static final String AMPLITUDE = "attention_factor";

  /** The length before stretching, tokens. */
  static final String TRAINED = "original_max_position_embeddings";

  private static final double DEFAULT_FAST = 32;
  private static final double DEFAULT_SLOW = 1;

  private static final Set<String> LLAMA3 = Set.of(FACTOR, LOW, HIGH, TRAINED);

  private static final Pattern ASKED_FACTOR =
      Pattern.compile("([a-z0-9]{1,10}):([0-9]{1,6}(?:\\.[0-9]{1,6})?)");

  /** All that are known. */
  static final List<RopeType> ALL =
      List.of(
          // Parameters of llama3 without its name say nothing.
          new RopeType(
              "default",
              Optional.of("default"),
              LLAMA3,
              RopeType::unscaled,
              (text, trained) ->
                  text.equals("default")
                      ? Optional.of(new RopeScaling.Default())
                      : Optional.empty()),
          new RopeType(
              "linear",
              Optional.of("linear:FACTOR"),
              Set.of(FACTOR),
              (rope, model) -> checked(rope, () -> new RopeScaling.Linear(factor(rope))),
              (text, trained) -> asked(text, "linear", RopeScaling.Linear::new)),
          new RopeType(
              "llama3",
              Optional.of("llama3:FACTOR"),
              LLAMA3,
              RopeType::llama3,
              (text, trained) ->
                  asked(text, "llama3", f -> new RopeScaling.Llama3(f, 1, 4, trained))),
          new RopeType(
              "yarn",
              Optional.of("yarn:FACTOR"),
              Set.of(FACTOR, TRAINED, AMPLITUDE, FAST, SLOW, TRUNCATE, MSCALE, MSCALE_ALL),
              RopeType::yarn,
              (text, trained) ->
                  asked(
                      text,
                      "yarn",
                      f ->
                          new RopeScaling.Yarn(
                              f,
                              trained,
                              DEFAULT_FAST,
                              DEFAULT_SLOW,
                              true,
                              RopeScaling.Yarn.amplitude(f, 1)))),
          new RopeType(
              "dynamic",
              Optional.empty(),
              Set.of(FACTOR, TRAINED),
              RopeType::dynamic,
              (text, trained) -> Optional.empty()),
          new RopeType(
              "longrope",
              Optional.empty(),
              Set.of(FACTOR, TRAINED, AMPLITUDE, SHORT, LONG),
              RopeType::longRope,
              (text, trained) -> Optional.empty()));

  /**
   * What a scaling depends on beside its own object.
   *
   * @param trained {@code max_position_embeddings}
   * @param original the length before stretching, where it stands outside of the object
   * @param pairs of features that are turned
   */
  record Model(ModelFamily family, int trained, Optional<Integer> original, int pairs) {
    /** Of transformers' Phi 3, for a config that does not say. */
    private static final int PHI3_ORIGINAL = 4_096;

    static Model of(ConfigFields fields, ModelFamily family, int trained, int pairs) {
      Optional<Integer> stated = fields.findSize(TRAINED);
      return new Model(
          family,
          trained,
          family == ModelFamily.PHI3 ? Optional.of(stated.orElse(PHI3_ORIGINAL)) : stated,
          pairs);
    }
  }

  /** Older names of longrope, which only Phi 3 had. */
  private static final Set<String> LONG_NAMES = Set.of("su", "yarn");

  /** The types that a family's own code knows. */
  static List<RopeType> of(ModelFamily family) {
    return switch (family) {
      case PHI3 -> known(Set.of("default", "longrope"));
      case MINICPM -> known(Set.of("default", "linear", "dynamic"));
      default -> ALL;
    };
  }

  private static List<RopeType> known(Set<String> names) {
    return ALL.stream().filter(type -> names.contains(type.name())).toList();
  }

  /** What a name in a family's config stands for. */
  static String name(String stated, ModelFamily family) {
    return family == ModelFamily.PHI3 && LONG_NAMES.contains(stated) ? "longrope" : stated;
  }

  /** Reads it from the object of a config that names it. */
  interface Stated {
    RopeScaling of(ConfigFields rope, Model model);
  }

  /** Makes it of what {@code --rope} says; absent if that is another's. */
  interface Asked {
    Optional<RopeScaling> of(String text, int trained);
  }

  private interface Made {
    RopeScaling make();
  }

  private static RopeScaling checked(ConfigFields rope, Made scaling) {
    try {
      return scaling.make();
    } catch (IllegalArgumentException e) {
      throw new BadInputException(rope.file().toString(), e.getMessage(), e);
    }
  }

  private static Optional<RopeScaling> asked(
      String text, String name, DoubleFunction<RopeScaling> made) {
    Matcher form = ASKED_FACTOR.matcher(text);
    return form.matches() && form.group(1).equals(name)
        ? Optional.of(made.apply(Double.parseDouble(form.group(2))))
        : Optional.empty();
  }

  private static double factor(ConfigFields rope) {
    if (rope.find(FACTOR).isEmpty()) {
      throw rope.bad(FACTOR, "is missing");
    }
    return rope.positive(FACTOR, 1);
  }

  private static RopeScaling unscaled(ConfigFields rope, Model model) {
    if (rope.positive(FACTOR, 1) != 1) {
      throw rope.bad(
          FACTOR, "is " + rope.object().get(FACTOR) + " without a 'rope_type' that uses it");
    }
    return new RopeScaling.Default();
  }

  private static RopeScaling llama3(ConfigFields rope, Model model) {
    double factor = factor(rope);
    return checked(
        rope,
        () ->
            new RopeScaling.Llama3(
                factor,
                rope.positive(LOW, 1),
                rope.positive(HIGH, 4),
                rope.findSize(TRAINED).orElse(model.trained())));
  }

  private static RopeScaling yarn(ConfigFields rope, Model model) {
    double factor = factor(rope);
    double fast = numberOr(rope, FAST, DEFAULT_FAST);
    double slow = numberOr(rope, SLOW, DEFAULT_SLOW);
    double amplitude =
        rope.find(AMPLITUDE).isPresent()
            ? rope.positive(AMPLITUDE, 1)
            : amplitude(factor, numberOr(rope, MSCALE, 0), numberOr(rope, MSCALE_ALL, 0));
    return checked(
        rope,
        () ->
            new RopeScaling.Yarn(
                factor,
                rope.findSize(TRAINED).orElse(model.trained()),
                fast,
                slow,
                rope.flag(TRUNCATE, true),
                amplitude));
  }

  /** Two scales count together or not at all. */
  private static double amplitude(double factor, double mscale, double all) {
    return mscale == 0 || all == 0
        ? RopeScaling.Yarn.amplitude(factor, 1)
        : RopeScaling.Yarn.amplitude(factor, mscale) / RopeScaling.Yarn.amplitude(factor, all);
  }

  /** A number from 0 on; 0 stands for none, as in Python. */
  private static double numberOr(ConfigFields rope, String key, double none) {
    boolean zero =
        rope.find(key).filter(value -> value.isNumber() && value.doubleValue() == 0).isPresent();
    return zero || rope.find(key).isEmpty() ? none : rope.positive(key, 1);
  }

  private static RopeScaling dynamic(ConfigFields rope, Model model) {
    double factor = factor(rope);
    int original = rope.findSize(TRAINED).or(model::original).orElse(model.trained());
    if (original != model.trained()) {
      throw rope.bad(
          TRAINED,
          "is "
              + original
              + ", and 'max_position_embeddings' "
              + model.trained()
              + ", from which dynamic scaling counts");
    }
    return checked(rope, () -> new RopeScaling.Dynamic(factor, model.trained()));
  }

  /** transformers 4 takes the factor from the lengths, 5 from its key if it is there. */
  private static RopeScaling longRope(ConfigFields rope, Model model) {
    int original = rope.findSize(TRAINED).or(model::original).orElse(model.trained());
    double lengths = (double) model.trained() / original;
    double factor = rope.positive(FACTOR, lengths);
    if (factor != lengths && rope.find(AMPLITUDE).isEmpty()) {
      throw rope.bad(
          FACTOR,
          "is %s, and 'max_position_embeddings' %d is %s times %d"
              .formatted(factor, model.trained(), lengths, original));
    }
    factors(rope, LONG, model.pairs());
    double amplitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    return new RopeScaling.LongRope(
        factors(rope, SHORT, model.pairs()), original, rope.positive(AMPLITUDE, amplitude));
  }

  private static List<Double> factors(ConfigFields rope, String key, int pairs) {
    JsonNode values = rope.find(key).orElseThrow(() -> rope.bad(key, "is missing"));
    List<Double> factors = new ArrayList<>();
    for (JsonNode value : values) {
      if (value.isNumber() && value.doubleValue() > 0) {
        factors.add(value.doubleValue());
      }
    }
    if (!values.isArray() || values.size() != pairs || factors.size() != pairs) {
      throw rope.bad(key, "is " + values + "; " + pairs + " positive numbers are needed");
    }
    return factors;
  }
}
