package org.ssasuite.leaderboards.report.attention;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.report.Section;

/** All that a report says of attention; nothing where nobody looked. */
public final class AttentionSections {
  static final String FEW =
      "†: fewer than 20 documents; a Student t interval, or none for a single document. All others"
          + " are bootstrapped over documents.";

  private AttentionSections() {}

  /** The sections, in order. */
  public static List<Section> of(List<WatchedResult> results) {
    if (results.isEmpty()) {
      return List.of();
    }
    boolean severalRuns =
        results.stream().map(WatchedResult::runNumber).distinct().limit(2).count() > 1;
    return Stream.of(
            Stream.of(MeansSection.of(results, severalRuns)),
            DifferenceSection.of(results, severalRuns).stream(),
            HeadSection.of(results, severalRuns).stream())
        .flatMap(each -> each)
        .toList();
  }
}
