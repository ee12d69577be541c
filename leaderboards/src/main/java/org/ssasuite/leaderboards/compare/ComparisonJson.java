package org.ssasuite.leaderboards.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.ssasuite.core.run.attention.AttentionDifference;
import org.ssasuite.core.statistics.Interval;

/** A comparison for machines: all digits, what is absent is left out. */
final class ComparisonJson {
  private static final String SCHEMA = "ssasuite/comparison/1";

  private ComparisonJson() {}

  static String of(Comparison comparison) {
    JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    ObjectNode document = mapper.createObjectNode().put("schema", SCHEMA);
    document.put("alpha", comparison.alpha()).put("power", comparison.power());
    ArrayNode rows = document.putArray("rows");
    comparison.lines().forEach(line -> put(rows.addObject(), line, comparison));
    ArrayNode notCompared = document.putArray("not_compared");
    comparison.notCompared().forEach(notCompared::add);
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static void put(ObjectNode row, Comparison.Line line, Comparison comparison) {
    TaskComparison task = line.task();
    DifferenceScale scale = task.scale();
    side(row.putObject("a"), task.a());
    side(row.putObject("b"), task.b());
    row.put("task", task.a().task());
    row.put("metric", task.metric());
    row.put("better", task.better().name().toLowerCase(Locale.ROOT));
    row.put("value_a", task.transform().apply(task.paired().ratioA()));
    row.put("value_b", task.transform().apply(task.paired().ratioB()));
    row.put("difference", scale.apply(task.paired().difference()));
    row.put("unit", scale.unit());
    interval(row, task.interval(), scale);
    task.paired().standardError().ifPresent(error -> row.put("mean_standard_error", error));
    row.put("mean_difference", task.paired().difference());
    task.test().ifPresent(test -> row.put("test", test.name()).put("p", test.probability()));
    line.adjusted().ifPresent(p -> row.put("p_holm", p));
    task.smallestVisible(comparison.alpha() / Math.max(1, comparison.tests()), comparison.power())
        .ifPresent(smallest -> row.put("smallest_visible", scale.apply(smallest)));
    row.put("samples", task.paired().samples());
    row.put("documents", task.paired().documents());
    row.put("only_a", task.samples().onlyA());
    row.put("only_b", task.samples().onlyB());
    row.put("unscored", task.samples().unscored());
    row.put("verdict", line.verdict().text());
    if (!task.attention().isEmpty()) {
      ArrayNode attention = row.putArray("attention");
      task.attention().forEach(each -> put(attention.addObject(), each));
    }
  }

  private static void put(ObjectNode row, AttentionDifference each) {
    row.put("statistic", each.statistic());
    each.positions().ifPresent(positions -> row.put("positions", positions));
    row.put("value_a", each.paired().ratioA());
    row.put("value_b", each.paired().ratioB());
    row.put("difference", each.paired().difference());
    interval(row, each.interval(), DifferenceScale.PLAIN);
    row.put("samples", each.samples()).put("documents", each.paired().documents());
  }

  private static void interval(ObjectNode row, Interval interval, DifferenceScale scale) {
    if (interval.method() != Interval.Method.NONE) {
      row.put("low", scale.apply(interval.low()));
      row.put("high", scale.apply(interval.high()));
      row.put("level", interval.level());
      row.put("interval_method", interval.method().name().toLowerCase(Locale.ROOT));
    }
  }

  private static void side(ObjectNode side, RunRow row) {
    side.put("run", row.folder().toString());
    side.put("model", row.model());
    side.put("mode", row.mode());
  }
}
