package org.ssasuite.runtime.checkpoint;

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
   * @param pair from 0 to headDim / 2 − 1
   */
  double frequency(int pair, int headDim, double theta);

  /** What cosines and sines are multiplied by. */
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
  private static double trained(int pair, int headDim, double theta) {
    return Math.pow(theta, -2.0 * pair / headDim);
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
    public double frequency(int pair, int headDim, double theta) {
      return trained(pair, headDim, theta);
    }
  }

  /**
   * Llama 3's: waves longer than originalTokens / lowFrequency are stretched by the factor, waves
   * shorter than originalTokens / highFrequency stay, those between are interpolated.
   */
  record Llama3(double factor, double lowFrequency, double highFrequency, int originalTokens)
      implements RopeScaling {
    public Llama3 {
      if (!(factor >= 1) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("factor " + factor + " of llama3 rope scaling");
      }
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
      String number =
          factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
      return "llama3:" + number;
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
    public double frequency(int pair, int headDim, double theta) {
      double frequency = trained(pair, headDim, theta);
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

  /**
   * Reads {@code default} or {@code llama3:F}: factor F, low 1, high 4.
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
        RopeType.ALL.stream().map(RopeType::form).collect(Collectors.joining(" or ", "not ", "")));
  }
}
