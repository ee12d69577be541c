package org.ssasuite.leaderboards.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.extrapolation.SafeLength;
import picocli.CommandLine.Option;

/** The options of suite extrapolation. */
public final class ExtrapolationFlags {
  @Option(
      names = "--stretches",
      paramLabel = "N",
      description = "Stretches of each book that suite extrapolation rates. Default: 2.")
  private String stretches;

  @Option(
      names = "--safe-margin",
      paramLabel = "X",
      description =
          "Nats per token that a longer context may cost and still count as safe, in suite"
              + " extrapolation. Default: 0.02.")
  private String margin;

  @Option(
      names = "--exact-lengths",
      description =
          "Suite extrapolation at --lengths and the trained length alone, at none between; context"
              + " gain is over 1k if that is among them, else over the shortest.")
  private boolean exact;

  /** What an order of one of its tasks has of its own, as far as the user says so. */
  public Map<String, List<String>> own() {
    Map<String, List<String>> own = new TreeMap<>();
    if (stretches != null) {
      own.put(LengthScale.STRETCHES, List.of(stretches));
    }
    if (margin != null) {
      own.put(SafeLength.MARGIN, List.of(margin));
    }
    if (exact) {
      own.put(LengthScale.EXACT, List.of("true"));
    }
    return own;
  }
}
