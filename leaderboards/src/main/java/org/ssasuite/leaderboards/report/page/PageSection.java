package org.ssasuite.leaderboards.report.page;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.report.Section;
import org.ssasuite.leaderboards.report.ties.Ties;

/**
 * A section as the page shows it.
 *
 * @param judged one for each of its rows
 * @param pictures its own, and the intervals of its contests
 */
record PageSection(
    Section section, List<Optional<Ties.Judged>> judged, List<PictureJson> pictures) {
  PageSection {
    judged = List.copyOf(judged);
    pictures = List.copyOf(pictures);
  }

  static PageSection of(Section section, List<Ties.Evidence> evidence) {
    List<Optional<Ties.Judged>> judged = Ties.of(section, evidence);
    return new PageSection(section, judged, PictureJson.of(section, judged));
  }
}
