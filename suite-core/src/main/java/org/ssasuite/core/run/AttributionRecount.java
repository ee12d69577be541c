package org.ssasuite.core.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.Attribution;
import org.ssasuite.core.attribution.AttributionTally;

/** A row's attribution counted again from its log, and in what the two differ. */
final class AttributionRecount {
  private AttributionRecount() {}

  /**
   * What a row claims of its needles and its log does not say.
   *
   * @param asked whether the run's spec asks for it
   * @param samples of the row
   * @param log of its needles
   * @throws BadInputException if the log cannot be read
   */
  static List<String> differences(
      boolean asked, TaskResult row, List<SampleRecord> samples, Path log) {
    if (asked != row.attribution().isPresent()) {
      return List.of(
          asked
              ? "the spec asks for attribution, and the row states none"
              : "the row states attribution, and the spec asks for none");
    }
    if (row.attribution().isEmpty()) {
      return List.of();
    }
    AttributionResult claimed = row.attribution().get();
    AttributionTally tally = new AttributionTally();
    List<String> differences =
        new ArrayList<>(
            SideLog.differences(AttributionLog.FORM, log, claimed.log(), samples, tally::add));
    Map<String, Object> counted = named(tally.result());
    named(claimed.figures())
        .forEach(
            (name, value) -> {
              if (!value.equals(counted.get(name))) {
                differences.add(
                    name
                        + " is "
                        + value
                        + " in the results, "
                        + counted.get(name)
                        + " by the log");
              }
            });
    return differences;
  }

  private static Map<String, Object> named(Attribution figures) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("samples", figures.samples());
    named.put("right", figures.right());
    named.put("never_looked", figures.neverLooked());
    named.put("selection_lost", figures.selectionLost());
    named.put("looked", figures.looked());
    named.put("turned_right", figures.turnedRight());
    named.put("needles", figures.needles());
    named.put("mass", figures.mass());
    named.put("mean_mass", figures.meanMass());
    named.put("attended", figures.attended());
    named.put("depths", figures.depths());
    return named;
  }
}
