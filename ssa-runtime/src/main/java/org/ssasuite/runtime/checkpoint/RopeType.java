package org.ssasuite.runtime.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/**
 * A way of stretching rotary waves, as {@code config.json} and {@code --rope} name it.
 *
 * @param name its {@code rope_type}
 * @param form what {@code --rope} takes, for messages
 * @param keys of {@code config.json} that it reads
 */
record RopeType(String name, String form, Set<String> keys, Stated stated, Asked asked) {
  private static final String FACTOR = "factor";
  private static final String LOW = "low_freq_factor";
  private static final String HIGH = "high_freq_factor";

  /** The length before stretching, tokens. */
  static final String TRAINED = "original_max_position_embeddings";

  private static final Set<String> LLAMA3 = Set.of(FACTOR, LOW, HIGH, TRAINED);

  private static final Pattern ASKED_FACTOR =
      Pattern.compile("llama3:([0-9]{1,6}(?:\\.[0-9]{1,6})?)");

  /** All that are known. */
  static final List<RopeType> ALL =
      List.of(
          // Parameters of llama3 without its name say nothing.
          new RopeType("default", "default", LLAMA3, RopeType::unscaled, RopeType::unscaled),
          new RopeType("llama3", "llama3:FACTOR", LLAMA3, RopeType::llama3, RopeType::llama3));

  /** Reads it from the object of a config that names it. */
  interface Stated {
    RopeScaling of(ConfigFields rope, int trained);
  }

  /** Makes it of what {@code --rope} says; absent if that is another's. */
  interface Asked {
    Optional<RopeScaling> of(String text, int trained);
  }

  private static RopeScaling unscaled(ConfigFields rope, int trained) {
    if (rope.positive(FACTOR, 1) != 1) {
      throw rope.bad(
          FACTOR, "is " + rope.object().get(FACTOR) + " without a 'rope_type' that uses it");
    }
    return new RopeScaling.Default();
  }

  private static Optional<RopeScaling> unscaled(String text, int trained) {
    return text.equals("default") ? Optional.of(new RopeScaling.Default()) : Optional.empty();
  }

  private static RopeScaling llama3(ConfigFields rope, int trained) {
    if (rope.find(FACTOR).isEmpty()) {
      throw rope.bad(FACTOR, "is missing");
    }
    try {
      return new RopeScaling.Llama3(
          rope.positive(FACTOR, 1),
          rope.positive(LOW, 1),
          rope.positive(HIGH, 4),
          rope.findSize(TRAINED).orElse(trained));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(rope.file(), e.getMessage());
    }
  }

  private static Optional<RopeScaling> llama3(String text, int trained) {
    Matcher form = ASKED_FACTOR.matcher(text);
    return form.matches()
        ? Optional.of(new RopeScaling.Llama3(Double.parseDouble(form.group(1)), 1, 4, trained))
        : Optional.empty();
  }
}
