package org.ssasuite.tasks.ruler.generator;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;

/**
 * Whose generators make the samples, and when. Samples of different versions are different data.
 *
 * <p>References: NVIDIA/RULER, {@code scripts/data/synthetic}; EleutherAI/lm-evaluation-harness
 * 0.4.9, {@code lm_eval/tasks/ruler}.
 */
public enum RulerVersion {
  /** Commit c3f5e3b4: the size of a sample is found by bisection. */
  NVIDIA_2025("nvidia-2025"),
  /** Commit 61d2e1a2, of before 2025-06-03: the size grows step by step until it is too large. */
  NVIDIA_2024("nvidia-2024"),
  /**
   * Step by step too; Python's generator is seeded with 0 and NumPy's with 1234, whatever the seed.
   */
  LMEVAL("lmeval-0.4.9");

  private final String text;

  RulerVersion(String text) {
    this.text = text;
  }

  /** As on the command line. */
  public String text() {
    return text;
  }

  public static RulerVersion parse(String text) {
    return Arrays.stream(values())
        .filter(version -> version.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new BadInputException("RULER version " + text, "is none of " + texts()));
  }

  private static String texts() {
    return Arrays.stream(values()).map(RulerVersion::text).collect(Collectors.joining(", "));
  }
}
