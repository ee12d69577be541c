package org.ssasuite.core.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.StatisticsObservation;

/** A row's statistics counted again from their log, and in what the two differ. */
final class AttentionRecount {
  private AttentionRecount() {}

  /**
   * What a row claims of its attention and its log does not say.
   *
   * @param asked by the run's spec
   * @param samples of the row
   * @param log of its statistics
   * @param intervals how the row made its intervals; absent: they are not looked at
   * @throws BadInputException if the log cannot be read
   */
  static List<String> differences(
      Optional<StatisticsObservation> asked,
      TaskResult row,
      List<SampleRecord> samples,
      Path log,
      Optional<IntervalRule> intervals) {
    if (asked.isPresent() != row.attention().isPresent()) {
      return List.of(
          asked.isPresent()
              ? "the spec asks for statistics, and the row states none"
              : "the row states statistics, and the spec asks for none");
    }
    return row.attention().isEmpty()
        ? List.of()
        : differences(row.attention().get(), samples, log, intervals);
  }

  private static List<String> differences(
      AttentionResult claimed,
      List<SampleRecord> samples,
      Path log,
      Optional<IntervalRule> intervals) {
    AttentionTally tally = new AttentionTally();
    List<String> differences =
        new ArrayList<>(
            SideLog.differences(StatisticsLog.FORM, log, claimed.log(), samples, tally::add));
    List<AttentionResult.Row> counted = intervals.map(tally::rows).orElseGet(tally::figures);
    compare(claimed.rows(), counted, intervals.isPresent(), differences);
    return differences;
  }

  private static void compare(
      List<AttentionResult.Row> claimed,
      List<AttentionResult.Row> counted,
      boolean intervals,
      List<String> differences) {
    Map<String, AttentionResult.Row> first = byName(claimed);
    Map<String, AttentionResult.Row> second = byName(counted);
    if (first.size() < claimed.size()) {
      differences.add("a statistic is in the results twice");
    }
    Set<String> names = new LinkedHashSet<>(first.keySet());
    names.addAll(second.keySet());
    for (String name : names) {
      if (first.get(name) == null || second.get(name) == null) {
        differences.add(
            name + (first.get(name) == null ? " is not in the results" : " is in no sample"));
      } else if (!agree(first.get(name), second.get(name), intervals)) {
        differences.add(
            name
                + " is "
                + first.get(name)
                + " in the results, "
                + second.get(name)
                + " by the log");
      }
    }
  }

  private static boolean agree(AttentionResult.Row a, AttentionResult.Row b, boolean intervals) {
    return Recount.near(a.value(), b.value())
        && a.samples() == b.samples()
        && a.documents() == b.documents()
        && (!intervals || Recount.same(a.interval(), b.interval()));
  }

  private static Map<String, AttentionResult.Row> byName(List<AttentionResult.Row> rows) {
    Map<String, AttentionResult.Row> named = new LinkedHashMap<>();
    rows.forEach(row -> named.put(row.name(), row));
    return named;
  }
}
