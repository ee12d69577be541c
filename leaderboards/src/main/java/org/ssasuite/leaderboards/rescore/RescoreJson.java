package org.ssasuite.leaderboards.rescore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.longbench.LongBenchTasks.CodeSim;
import org.ssasuite.tasks.longbench.LongBenchTasks.DataSetScore;

/**
 * Scores with what belongs to them, data sets by name. Averages are those of published tables: of
 * the rounded scores, unweighted over data sets, to two decimals; those of buckets leave out data
 * sets whose bucket is empty.
 */
final class RescoreJson {
  private static final String SCHEMA = "ssasuite/rescore/1";

  private RescoreJson() {}

  static String of(List<DataSetScore> scores, CodeSim codeSim) {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode document = mapper.createObjectNode();
    document.put("schema", SCHEMA).put("suite", "longbench");
    document.put("code_sim", codeSim.name().toLowerCase(Locale.ROOT));
    document.put("average", average(scores.stream(), DataSetScore::score));
    ObjectNode categories = document.putObject("categories");
    scores.stream().collect(Collectors.groupingBy(DataSetScore::category)).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            category ->
                categories.put(
                    category.getKey(), average(category.getValue().stream(), DataSetScore::score)));
    scores.stream()
        .findFirst()
        .flatMap(DataSetScore::buckets)
        .ifPresent(
            first ->
                putBuckets(
                    document.putObject("buckets"), first.keySet().stream().toList(), scores));
    var sets = document.putArray("data_sets");
    scores.stream()
        .sorted(Comparator.comparing(DataSetScore::dataSet))
        .forEach(score -> put(sets.addObject(), score));
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static double average(Stream<DataSetScore> scores, ToDoubleFunction<DataSetScore> value) {
    return PythonText.round(scores.mapToDouble(value).average().orElseThrow(), 2);
  }

  private static void putBuckets(ObjectNode node, List<String> keys, List<DataSetScore> scores) {
    for (String key : keys) {
      OptionalDouble mean =
          scores.stream()
              .map(score -> score.buckets().orElseThrow().get(key))
              .filter(OptionalDouble::isPresent)
              .mapToDouble(OptionalDouble::getAsDouble)
              .average();
      put(
          node,
          key,
          mean.isPresent() ? OptionalDouble.of(PythonText.round(mean.getAsDouble(), 2)) : mean);
    }
  }

  private static void put(ObjectNode node, DataSetScore score) {
    node.put("data_set", score.dataSet());
    node.put("category", score.category());
    node.put("metric", score.metric());
    node.put("predictions", score.predictions());
    node.put("score", score.score());
    score
        .buckets()
        .ifPresent(
            buckets -> {
              ObjectNode own = node.putObject("buckets");
              buckets.forEach((key, value) -> put(own, key, value));
            });
  }

  /** A bucket without a prediction is null. */
  private static void put(ObjectNode node, String key, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(key, value.getAsDouble());
    } else {
      node.putNull(key);
    }
  }
}
