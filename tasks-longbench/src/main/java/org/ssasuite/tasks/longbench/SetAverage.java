package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.Facet;
import org.ssasuite.tasks.longbench.v2.V2Task;

/**
 * An average over data sets, as published tables have it: each data set's score in percent, rounded
 * to two decimals, counts once, whatever its number of samples; the mean is rounded again. An
 * average of a slice is over the data sets that have samples in it.
 *
 * @param key for machines
 * @param heading for people
 */
record SetAverage(String key, String heading, Function<List<ReportedResult>, OptionalDouble> over) {
  private static final int DECIMALS = 2;

  SetAverage {
    Objects.requireNonNull(key);
    Objects.requireNonNull(heading);
    Objects.requireNonNull(over);
  }

  /** Those that any of these lists has something for. */
  static List<SetAverage> of(Collection<List<ReportedResult>> all) {
    List<SetAverage> averages = new ArrayList<>();
    averages.add(
        new SetAverage(
            "average", "Average", results -> mean(results, result -> result.headline())));
    for (String category : kinds(all, DataSetKind::category)) {
      averages.add(ofKind(category, category.replace('_', ' '), DataSetKind::category));
    }
    for (String language : kinds(all, DataSetKind::language)) {
      // Code is a category too, of the same data sets.
      if (averages.stream().noneMatch(average -> average.key().equals(language))) {
        averages.add(ofKind(language, language, DataSetKind::language));
      }
    }
    for (LengthBucket bucket : LengthBucket.values()) {
      averages.add(in(LongBenchTask.bucket(bucket)));
    }
    averages.add(byTrained("inside_trained", "inside trained", false));
    averages.add(byTrained("beyond_trained", "beyond trained", true));
    for (String difficulty : List.of("easy", "hard")) {
      averages.add(in(V2Task.difficulty(difficulty)));
    }
    for (String length : List.of("short", "medium", "long")) {
      averages.add(in(V2Task.length(length)));
    }
    averages.removeIf(
        average -> all.stream().allMatch(results -> average.over().apply(results).isEmpty()));
    return averages;
  }

  private static List<String> kinds(
      Collection<List<ReportedResult>> all, Function<DataSetKind, String> part) {
    return all.stream()
        .flatMap(List::stream)
        .flatMap(result -> kind(result).stream())
        .map(part)
        .distinct()
        .toList();
  }

  private static Optional<DataSetKind> kind(ReportedResult result) {
    return DataSetKind.of(result.result().task().base());
  }

  private static SetAverage ofKind(
      String value, String heading, Function<DataSetKind, String> part) {
    return new SetAverage(
        value,
        heading,
        results ->
            mean(
                results,
                result ->
                    kind(result).map(part).filter(value::equals).isPresent()
                        ? result.headline()
                        : Optional.empty()));
  }

  private static SetAverage in(Facet slice) {
    return new SetAverage(
        slice.name() + "_" + slice.value(),
        slice.value(),
        results -> mean(results, result -> result.headline(slice)));
  }

  private static SetAverage byTrained(String key, String heading, boolean beyond) {
    return new SetAverage(
        key,
        heading,
        results ->
            mean(
                results,
                result -> {
                  OptionalInt trained = result.result().model().trainedTokens();
                  return trained.isPresent()
                      ? result.headline(LongBenchTask.trained(trained.getAsInt(), beyond))
                      : Optional.empty();
                }));
  }

  /** The mean of one figure of each data set, of those that have it, rounded as above. */
  static OptionalDouble mean(
      List<ReportedResult> results, Function<ReportedResult, Optional<MetricResult>> score) {
    Stream<MetricResult> scores = results.stream().flatMap(result -> score.apply(result).stream());
    OptionalDouble mean =
        scores.mapToDouble(each -> PythonText.round(each.value(), DECIMALS)).average();
    return mean.isPresent()
        ? OptionalDouble.of(PythonText.round(mean.getAsDouble(), DECIMALS))
        : mean;
  }
}
