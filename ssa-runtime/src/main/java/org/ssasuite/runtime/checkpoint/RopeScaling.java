package org.ssasuite.runtime.checkpoint;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;

/**
 * How rotary frequencies are changed to reach beyond the training length.
 *
 * <p>Source: Hugging Face transformers, {@code modeling_rope_utils}.
 */
public sealed interface RopeScaling {
  /** As {@code default} or {@code llama3:4}; what {@link #parse} reads. */
  String text();

  /** All that it is computed from, theta aside. */
  String parameters();

  /**
   * The angular frequency of a pair of features, radians per token.
   *
   * @param pair from 0 to dim / 2 − 1
   * @param dim features of a head that are turned: all, mostly
   */
  double frequency(int pair, int dim, double theta);

  /** What cosines and sines of features that are turned are multiplied by. */
  default double amplitude() {
    return 1;
  }

  /** The length, tokens, that it was stretched from; absent if it does not depend on one. */
  default OptionalInt stretchedFrom() {
    return OptionalInt.empty();
  }

  /** The longest text that it is exact for; absent: any. */
  default Optional<TextLimit> limit() {
    return Optional.empty();
  }

  /** The frequency that was trained, θ^(−2i/D). */
  private static double trained(int pair, int dim, double theta) {
    return Math.pow(theta, -2.0 * pair / dim);
  }

  private static void requireFactor(double factor, String of) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("factor " + factor + " of " + of + " rope scaling");
    }
  }

  /** A factor as {@code --rope} has it. */
  private static String text(double factor) {
    return factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
  }

  /** Frequencies as trained. */
  record Default() implements RopeScaling {
    @Override
    public String text() {
      return "default";
    }

    @Override
    public String parameters() {
      return "unscaled";
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      return trained(pair, dim, theta);
    }
  }

  /**
   * Llama 3's: waves longer than originalTokens / lowFrequency are stretched by the factor, waves
   * shorter than originalTokens / highFrequency stay, those between are interpolated.
   */
  record Llama3(double factor, double lowFrequency, double highFrequency, int originalTokens)
      implements RopeScaling {
    public Llama3 {
      requireFactor(factor, "llama3");
      if (!(lowFrequency > 0) || !(highFrequency > lowFrequency) || originalTokens < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "llama3 rope scaling between %s and %s of %d tokens",
                lowFrequency,
                highFrequency,
                originalTokens));
      }
    }

    @Override
    public String text() {
      return "llama3:" + RopeScaling.text(factor);
    }

    @Override
    public String parameters() {
      return String.format(
          Locale.ROOT,
          "llama3, factor %s between %s and %s of %d tokens",
          factor,
          lowFrequency,
          highFrequency,
          originalTokens);
    }

    @Override
    public OptionalInt stretchedFrom() {
      return OptionalInt.of(originalTokens);
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      double frequency = trained(pair, dim, theta);
      double wave = 2 * Math.PI / frequency;
      if (wave > originalTokens / lowFrequency) {
        return frequency / factor;
      }
      if (wave < originalTokens / highFrequency) {
        return frequency;
      }
      double smooth = (originalTokens / wave - lowFrequency) / (highFrequency - lowFrequency);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }

  /** All waves are stretched by the factor. */
  record Linear(double factor) implements RopeScaling {
    public Linear {
      requireFactor(factor, "linear");
    }

    @Override
    public String text() {
      return "linear:" + RopeScaling.text(factor);
    }

    @Override
    public String parameters() {
      return "linear, factor " + factor;
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      return trained(pair, dim, theta) / factor;
    }
  }

  /**
   * YaRN: features that turn more than fast times in originalTokens stay, those that turn less than
   * slow times are stretched by the factor, those between go over from one to the other by the
   * features' numbers.
   *
   * @param whole whether the bounds between are rounded to whole features, outwards
   * @param amplitude what cosines and sines are multiplied by
   */
  record Yarn(
      double factor, int originalTokens, double fast, double slow, boolean whole, double amplitude)
      implements RopeScaling {
    /** What keeps bounds apart that fall together. */
    private static final double APART = 0.001;

    public Yarn {
      requireFactor(factor, "yarn");
      if (!(slow > 0) || !(fast >= slow) || Double.isInfinite(fast) || originalTokens < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "yarn rope scaling between %s and %s turns in %d tokens",
                fast,
                slow,
                originalTokens));
      }
      if (!(amplitude > 0) || Double.isInfinite(amplitude)) {
        throw new IllegalArgumentException("attention factor " + amplitude + " of yarn");
      }
    }

    /** The amplitude that goes with a factor, mscale times its logarithm. */
    static double amplitude(double factor, double mscale) {
      return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    @Override
    public String text() {
      return "yarn:" + RopeScaling.text(factor);
    }

    @Override
    public String parameters() {
      return String.format(
          Locale.ROOT,
          "yarn, factor %s between %s and %s turns in %d tokens%s, amplitude %s",
          factor,
          fast,
          slow,
          originalTokens,
          whole ? "" : ", bounds not rounded",
          amplitude);
    }

    @Override
    public OptionalInt stretchedFrom() {
      return OptionalInt.of(originalTokens);
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      double low = bound(fast, dim, theta);
      double high = bound(slow, dim, theta);
      double from = Math.max(whole ? Math.floor(low) : low, 0);
      double to = Math.min(whole ? Math.ceil(high) : high, dim - 1);
      double width = from == to ? APART : to - from;
      double stretched = Math.min(1, Math.max(0, (pair - from) / width));
      double frequency = trained(pair, dim, theta);
      return frequency / factor * stretched + frequency * (1 - stretched);
    }

    /** The feature, not always a whole one, that turns so often in the original tokens. */
    private double bound(double turns, int dim, double theta) {
      return dim * Math.log(originalTokens / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }

  /**
   * NTK scaling that grows with a text beyond the trained length, so that its waves depend on the
   * whole text; up to that length they are the trained ones.
   */
  record Dynamic(double factor, int trainedTokens) implements RopeScaling {
    public Dynamic {
      requireFactor(factor, "dynamic");
    }

    @Override
    public String text() {
      return "dynamic:" + RopeScaling.text(factor);
    }

    @Override
    public String parameters() {
      return "dynamic, factor " + factor + ", unscaled to " + trainedTokens + " tokens";
    }

    @Override
    public Optional<TextLimit> limit() {
      return Optional.of(
          new TextLimit(
              trainedTokens,
              "'max_position_embeddings': beyond it dynamic rope scaling depends on the whole"
                  + " text, which is not computed"));
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      return trained(pair, dim, theta);
    }
  }

  /**
   * LongRoPE within the original length: each wave is stretched by a factor of its own. Longer
   * texts are read with other factors from their first token on.
   *
   * @param factors of the pairs of features, in short texts
   * @param amplitude what cosines and sines are multiplied by
   */
  record LongRope(List<Double> factors, int originalTokens, double amplitude)
      implements RopeScaling {
    public LongRope {
      factors = List.copyOf(factors);
    }

    @Override
    public String text() {
      return "longrope";
    }

    @Override
    public String parameters() {
      return "longrope, short factors %s to %d tokens, amplitude %s"
          .formatted(factors, originalTokens, amplitude);
    }

    @Override
    public OptionalInt stretchedFrom() {
      return OptionalInt.of(originalTokens);
    }

    @Override
    public Optional<TextLimit> limit() {
      return Optional.of(
          new TextLimit(
              originalTokens,
              "'original_max_position_embeddings': beyond it longrope turns the whole text by its"
                  + " long factors, which is not computed"));
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      return trained(pair, dim, theta) / factors.get(pair);
    }
  }

  /**
   * Each wave is stretched by a factor of its own, in texts of any length: what a GGUF file has in
   * place of the numbers that the factors were made of.
   *
   * @param factors of the pairs of features
   */
  record Stretched(List<Double> factors) implements RopeScaling {
    public Stretched {
      factors = List.copyOf(factors);
    }

    @Override
    public String text() {
      return "stretched";
    }

    @Override
    public String parameters() {
      return "stretched by factors " + factors;
    }

    @Override
    public double frequency(int pair, int dim, double theta) {
      return trained(pair, dim, theta) / factors.get(pair);
    }
  }

  /**
   * Reads {@code default}, {@code linear:F}, {@code llama3:F} (low 1, high 4) or {@code yarn:F} (32
   * and 1 turns, amplitude 0.1 ln F + 1), F from 1.
   *
   * @param originalTokens the length that the model was trained on
   * @throws BadInputException for anything else
   */
  static RopeScaling parse(String text, int originalTokens) {
    try {
      for (RopeType type : RopeType.ALL) {
        Optional<RopeScaling> asked = type.asked().of(text, originalTokens);
        if (asked.isPresent()) {
          return asked.orElseThrow();
        }
      }
    } catch (IllegalArgumentException e) {
      throw new BadInputException("rope scaling '" + text + "'", e.getMessage());
    }
    throw new BadInputException(
        "rope scaling '" + text + "'",
        RopeType.ALL.stream()
            .flatMap(type -> type.form().stream())
            .collect(Collectors.joining(" or ", "not ", "")));
  }
}
