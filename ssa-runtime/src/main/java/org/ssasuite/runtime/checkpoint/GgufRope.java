package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.gguf.GgufTensor;

/** Rotary positions as a GGUF file states them: in keys and, by pair of features, in tensors. */
record GgufRope(GgufFile file, GgufArchitecture architecture) {
  /** Factors of llama3's scaling. */
  static final String FACTORS = "rope_freqs.weight";

  private static final String LONG = "rope_factors_long.weight";
  private static final String SHORT = "rope_factors_short.weight";

  private static final String COUNT = "rope.dimension_count";
  private static final String BASE = "rope.freq_base";
  private static final String TYPE = "rope.scaling.type";
  private static final String FACTOR = "rope.scaling.factor";
  private static final String OLDER_FACTOR = "rope.scale_linear";
  private static final String ORIGINAL = "rope.scaling.original_context_length";
  private static final String ATTENTION = "rope.scaling.attn_factor";
  private static final String YARN_ATTENTION = "rope.scaling.yarn_attn_factor";
  private static final String YARN_SHARE = "rope.scaling.yarn_ext_factor";
  private static final String YARN_LOGARITHM = "rope.scaling.yarn_log_multiplier";
  private static final String YARN_FAST = "rope.scaling.yarn_beta_fast";
  private static final String YARN_SLOW = "rope.scaling.yarn_beta_slow";

  /** What is read, and what says nothing of answers. */
  static final Set<String> KEYS =
      Set.of(
          COUNT,
          BASE,
          TYPE,
          FACTOR,
          OLDER_FACTOR,
          ORIGINAL,
          ATTENTION,
          YARN_ATTENTION,
          YARN_SHARE,
          YARN_LOGARITHM,
          YARN_FAST,
          YARN_SLOW,
          "rope.scaling.finetuned");

  private static final double DEFAULT_BASE = 10_000;

  /** llama3's as every published model has it, its factor aside. */
  private static final int LLAMA3_ORIGINAL = 8_192;

  private static final double ROUNDING = 1e-5;

  /** Adds what a config says of them. */
  void put(ObjectNode config, long headDim) {
    config.put("rope_theta", number(BASE).orElse(DEFAULT_BASE));
    long turned = file.findWhole(architecture.key(COUNT)).orElse(headDim);
    if (architecture == GgufArchitecture.PHI3) {
      putPartial(config, turned, headDim);
    } else if (turned != headDim) {
      throw file.bad(
          architecture.key(COUNT),
          "is " + turned + " for heads of " + headDim + ": all are turned");
    }
    putScaling(config);
  }

  private void putPartial(ObjectNode config, long turned, long headDim) {
    if (turned < 2 || turned > headDim || turned % 2 != 0) {
      throw file.bad(architecture.key(COUNT), "is " + turned + " for heads of " + headDim);
    }
    if (turned < headDim) {
      // Half a feature more: the product with the head's must not fall below the whole number.
      config.put(RotaryFields.PARTIAL, (turned + 0.5) / headDim);
    }
  }

  private void putScaling(ObjectNode config) {
    Optional<Double> factor = number(FACTOR).or(() -> number(OLDER_FACTOR)).filter(f -> f != 0);
    Optional<Long> original = file.findWhole(architecture.key(ORIGINAL));
    boolean byLength = file.tensors().containsKey(LONG) || file.tensors().containsKey(SHORT);
    // llama.cpp's own rule where a factor has no type.
    String type =
        file.findText(architecture.key(TYPE))
            .orElse(
                byLength ? "longrope" : factor.filter(f -> f != 1).isPresent() ? "linear" : "none");
    if (architecture == GgufArchitecture.PHI3) {
      original.ifPresent(length -> config.put(RopeType.TRAINED, length));
    }
    switch (type) {
      case "none" -> {
        requireNothing(ATTENTION, 1);
      }
      case "linear" -> {
        requireNothing(ATTENTION, 1);
        scaling(config, "linear").put("factor", factor.orElse(1.0));
      }
      case "yarn" -> {
        ObjectNode yarn = scaling(config, "yarn");
        yarn.put(
            "factor",
            factor.orElseThrow(() -> file.bad(architecture.key(FACTOR), "is missing, for yarn")));
        original.ifPresent(length -> yarn.put(RopeType.TRAINED, length));
        number(YARN_FAST).ifPresent(fast -> yarn.put("beta_fast", fast));
        number(YARN_SLOW).ifPresent(slow -> yarn.put("beta_slow", slow));
        requireNothing(ATTENTION, 1);
        requireNothing(YARN_ATTENTION, 1);
        requireNothing(YARN_SHARE, 1);
        requireNothing(YARN_LOGARITHM, 0);
      }
      case "longrope" -> putLong(config);
      default ->
          throw file.bad(
              architecture.key(TYPE), "is '" + type + "'; known are none, linear, yarn, longrope");
    }
  }

  private static ObjectNode scaling(ObjectNode config, String type) {
    return config.putObject("rope_scaling").put("rope_type", type);
  }

  private void requireNothing(String key, double nothing) {
    number(key)
        .filter(value -> value != nothing)
        .ifPresent(
            value -> {
              throw file.bad(architecture.key(key), "is " + value + "; known is " + nothing);
            });
  }

  /** Two tensors of factors; what goes with them is said only where it is another than follows. */
  private void putLong(ObjectNode config) {
    ObjectNode scaling = scaling(config, "longrope");
    putFactors(scaling.putArray("short_factor"), SHORT);
    putFactors(scaling.putArray("long_factor"), LONG);
    double trained = config.path("max_position_embeddings").doubleValue();
    double original = config.path(RopeType.TRAINED).asDouble(trained);
    double longer = trained / original;
    double follows = longer <= 1 ? 1 : Math.sqrt(1 + Math.log(longer) / Math.log(original));
    number(ATTENTION)
        .filter(amplitude -> Math.abs(amplitude - follows) > ROUNDING)
        .ifPresent(amplitude -> scaling.put(RopeType.AMPLITUDE, amplitude));
  }

  private void putFactors(ArrayNode to, String tensor) {
    values(tensor).forEach(to::add);
  }

  /** The numbers of a small tensor by their shortest decimal form. */
  private List<Double> values(String name) {
    GgufTensor tensor = file.tensors().get(name);
    if (tensor == null || tensor.shape().length != 1 || tensor.elements() > 1 << 12) {
      throw new BadInputException(file.file(), "has no tensor '" + name + "' of one axis");
    }
    FloatBuffer stored = new GgufWeight(file.file(), name, tensor, 0).floats();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < stored.capacity(); i++) {
      values.add(Double.parseDouble(Float.toString(stored.get(i))));
    }
    return values;
  }

  /** Names of tensors that are read here. */
  static Set<String> tensors(GgufArchitecture architecture) {
    return switch (architecture) {
      case LLAMA, GRANITE -> Set.of(FACTORS);
      case PHI3 -> Set.of(LONG, SHORT);
      default -> Set.of();
    };
  }

  /**
   * A config with the factors of {@link #FACTORS}: as llama3's scaling where they are its, else as
   * they are.
   */
  ModelConfig withFactors(ModelConfig config) {
    if (!tensors(architecture).contains(FACTORS) || !file.tensors().containsKey(FACTORS)) {
      return config;
    }
    if (!config.ropeScaling().equals(new RopeScaling.Default())) {
      throw file.bad(architecture.key(TYPE), "is stated beside the factors of '" + FACTORS + "'");
    }
    List<Double> factors = values(FACTORS);
    if (factors.size() != config.turnedDim() / 2
        || !factors.stream().allMatch(f -> f > 0 && Double.isFinite(f))) {
      throw new BadInputException(
          file.file(),
          "tensor '" + FACTORS + "' holds no " + config.turnedDim() / 2 + " positive numbers");
    }
    double largest = factors.stream().mapToDouble(f -> f).max().orElse(1);
    if (largest >= 1) {
      RopeScaling llama3 = new RopeScaling.Llama3(largest, 1, 4, LLAMA3_ORIGINAL);
      if (areOf(llama3, factors, config)) {
        return config.scaled(llama3);
      }
    }
    return config.scaled(new RopeScaling.Stretched(factors));
  }

  private static boolean areOf(RopeScaling scaling, List<Double> factors, ModelConfig config) {
    RopeScaling trained = new RopeScaling.Default();
    for (int i = 0; i < factors.size(); i++) {
      int dim = config.turnedDim();
      double factor =
          trained.frequency(i, dim, config.ropeTheta())
              / scaling.frequency(i, dim, config.ropeTheta());
      if (Math.abs(factor - factors.get(i)) > ROUNDING * factor) {
        return false;
      }
    }
    return true;
  }

  private Optional<Double> number(String key) {
    return file.findNumber(architecture.key(key));
  }
}
