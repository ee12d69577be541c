package org.ssasuite.runtime.checkpoint;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/**
 * How rotary frequencies are changed to reach beyond the training length.
 *
 * <p>Source: Hugging Face transformers, {@code modeling_rope_utils}.
 */
public sealed interface RopeScaling {
  /** As {@code default} or {@code llama3:4}; what {@link #parse} reads. */
  String text();

  /** The scaled angular frequency, radians per token, of one that was trained. */
  double scaled(double frequency);

  /** Frequencies as trained. */
  record Default() implements RopeScaling {
    @Override
    public String text() {
      return "default";
    }

    @Override
    public double scaled(double frequency) {
      return frequency;
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
    public double scaled(double frequency) {
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
    if (text.equals("default")) {
      return new Default();
    }
    Matcher form = Pattern.compile("llama3:([0-9]{1,6}(?:\\.[0-9]{1,6})?)").matcher(text);
    if (!form.matches()) {
      throw new BadInputException("rope scaling '" + text + "'", "not default or llama3:FACTOR");
    }
    try {
      return new Llama3(Double.parseDouble(form.group(1)), 1, 4, originalTokens);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("rope scaling '" + text + "'", e.getMessage());
    }
  }
}
