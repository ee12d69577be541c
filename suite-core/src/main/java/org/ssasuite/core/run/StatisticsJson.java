package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;

/** The lines of a {@code statistics.jsonl}, out and in. What was written is read back equal. */
final class StatisticsJson {
  private static final Set<String> FIELDS = Set.of("sample", "document", "statistics");
  private static final Set<String> OF_STATISTIC = Set.of("name", "positions", "queries", "layers");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** No figure of attention comes near it, and fp32 holds it. */
  static final double LARGEST = 1e30;

  /** The sum over any log is a {@code long}. */
  private static final long MOST = 1L << 40;

  private StatisticsJson() {}

  /** One line, the line feed included. */
  static byte[] line(StatisticsRecord record) {
    ObjectNode line = RunJson.fields();
    line.put("sample", record.sample());
    line.put("document", record.document());
    ArrayNode statistics = line.putArray("statistics");
    for (Statistic each : record.statistics().statistics()) {
      ObjectNode one = statistics.addObject().put("name", each.name());
      each.positions()
          .ifPresent(range -> one.putArray("positions").add(range.from()).add(range.to()));
      one.put("queries", each.queries());
      ArrayNode layers = one.putArray("layers");
      for (List<Double> heads : each.layers()) {
        ArrayNode values = layers.addArray();
        heads.forEach(value -> values.add(value.floatValue()));
      }
    }
    return RunJson.line(line);
  }

  /** Masses on single keys are over all positions, all else is by bucket. */
  static boolean isOfKey(String name) {
    return name.contains(SampleFigures.KEY_MASS);
  }

  /**
   * Reads one line.
   *
   * @throws BadInputException with file and line if it is not what {@link #line} writes
   */
  static StatisticsRecord read(JsonLine line) {
    requireKnown(line, line.object(), FIELDS);
    JsonNode all = line.object().path("statistics");
    if (!all.isArray()) {
      throw line.bad("field 'statistics' is no list");
    }
    List<Statistic> statistics = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    for (JsonNode node : all) {
      Statistic statistic = statistic(line, node);
      if (!seen.add(List.of(statistic.name(), statistic.positions()))) {
        throw line.bad("has '" + statistic.name() + "' twice");
      }
      statistics.add(statistic);
    }
    if (statistics.stream().map(StatisticsJson::shape).distinct().count() > 1) {
      throw line.bad("has statistics of different numbers of layers or heads");
    }
    return new StatisticsRecord(
        line.text("sample"), line.text("document"), new AttentionStatistics(statistics));
  }

  private static List<Integer> shape(Statistic statistic) {
    return List.of(statistic.layers().size(), statistic.layers().get(0).size());
  }

  private static void requireKnown(JsonLine line, JsonNode object, Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw line.bad("field '" + unknown.iterator().next() + "' is not known");
    }
  }

  private static Statistic statistic(JsonLine line, JsonNode node) {
    requireKnown(line, node, OF_STATISTIC);
    String name = node.path("name").asText("");
    if (!node.path("name").isTextual() || !NAME.matcher(name).matches()) {
      throw line.bad("field 'statistics' has one without a name");
    }
    JsonNode queries = node.path("queries");
    if (!queries.isIntegralNumber()
        || !queries.canConvertToLong()
        || queries.longValue() < 1
        || queries.longValue() > MOST) {
      throw line.bad("'" + name + "' is over no number of queries from 1 to " + MOST);
    }
    Optional<Positions> positions = positions(line, name, node);
    if (positions.isPresent() == isOfKey(name)) {
      throw line.bad("'" + name + "' needs positions, unless it is the mass on a key");
    }
    return new Statistic(name, positions, queries.longValue(), layers(line, name, node));
  }

  private static Optional<Positions> positions(JsonLine line, String name, JsonNode node) {
    JsonNode range = node.path("positions");
    if (range.isMissingNode()) {
      return Optional.empty();
    }
    if (!range.isArray()
        || range.size() != 2
        || !range.path(0).isInt()
        || !range.path(1).isInt()
        || range.path(0).intValue() < 0
        || range.path(1).intValue() <= range.path(0).intValue()) {
      throw line.bad("'" + name + "' has no positions from, to");
    }
    return Optional.of(new Positions(range.path(0).intValue(), range.path(1).intValue()));
  }

  private static List<List<Double>> layers(JsonLine line, String name, JsonNode node) {
    List<List<Double>> layers = new ArrayList<>();
    for (JsonNode heads : node.path("layers")) {
      List<Double> values = new ArrayList<>();
      for (JsonNode value : heads) {
        if (!value.isNumber() || !(Math.abs(value.doubleValue()) <= LARGEST)) {
          throw line.bad("'" + name + "' has a value that is no number within " + LARGEST);
        }
        values.add(value.doubleValue());
      }
      if (!heads.isArray()
          || values.isEmpty()
          || (!layers.isEmpty() && layers.get(0).size() != values.size())) {
        throw line.bad("'" + name + "' has a layer without values, or with more than another");
      }
      layers.add(values);
    }
    if (layers.isEmpty() || !node.path("layers").isArray()) {
      throw line.bad("'" + name + "' has no layers");
    }
    return layers;
  }
}
