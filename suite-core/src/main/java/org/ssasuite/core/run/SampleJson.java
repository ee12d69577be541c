package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Unscored;

/** The lines of a {@code samples.jsonl}, out and in. What was written is read back equal. */
final class SampleJson {
  private static final Set<String> FIELDS =
      Set.of("sample", "document", "requests", "score", "chance", "tokens", "cut_tokens");

  /** Whose squares, and sums of them over any log, stay finite. No model's numbers come near it. */
  private static final double LARGEST = 1e70;

  /** The sum over any log is a {@code long}. */
  private static final long MOST = 1L << 40;

  private SampleJson() {}

  /** One line, the line feed included. */
  static byte[] line(SampleRecord sample) {
    ObjectNode line = RunJson.fields();
    line.put("sample", sample.sample());
    line.put("document", sample.document());
    ArrayNode requests = line.putArray("requests");
    sample.requests().forEach(requests::add);
    ObjectNode score = line.putObject("score");
    sample.score().fold(scored -> put(score, scored), unscored -> put(score, unscored));
    sample.chance().ifPresent(chance -> line.put("chance", chance));
    line.put("tokens", sample.tokens());
    line.put("cut_tokens", sample.cutTokens());
    sample.items().ifPresent(items -> ItemJson.put(line, items));
    return RunJson.line(line);
  }

  private static ObjectNode put(ObjectNode score, Scored scored) {
    ArrayNode measures = score.putArray("measures");
    for (Measure measure : scored.measures()) {
      ObjectNode one = measures.addObject();
      one.put("metric", measure.metric());
      measure
          .facet()
          .ifPresent(
              facet ->
                  one.putObject("facet").put("name", facet.name()).put("value", facet.value()));
      one.put("value", measure.value());
      one.put("weight", measure.weight());
    }
    scored.extracted().ifPresent(extracted -> score.put("extracted", extracted));
    return score;
  }

  private static ObjectNode put(ObjectNode score, Unscored unscored) {
    return score.put("unscored", unscored.reason());
  }

  /**
   * Reads one line.
   *
   * @throws BadInputException with file and line if it is not what {@link #line} writes
   */
  static SampleRecord read(JsonLine line) {
    Set<String> unknown = new TreeSet<>();
    line.object().fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    unknown.removeAll(ItemJson.FIELDS);
    if (!unknown.isEmpty()) {
      throw line.bad("field '" + unknown.iterator().next() + "' is not known");
    }
    JsonNode chance = line.object().get("chance");
    return new SampleRecord(
        line.text("sample"),
        line.text("document"),
        line.texts("requests"),
        score(line, line.object().path("score")),
        chance == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(number(line, line.object(), "chance")),
        count(line, "tokens"),
        count(line, "cut_tokens"),
        ItemJson.read(line));
  }

  private static Score score(JsonLine line, JsonNode score) {
    if (score.path("unscored").isTextual() && score.size() == 1) {
      return new Unscored(score.path("unscored").textValue());
    }
    JsonNode extracted = score.path("extracted");
    if (!score.path("measures").isArray()
        || score.path("measures").isEmpty()
        || !(extracted.isMissingNode() || extracted.isTextual())) {
      throw line.bad("field 'score' is no score: it needs measures, or a reason in 'unscored'");
    }
    List<Measure> measures = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    for (JsonNode node : score.path("measures")) {
      Measure measure = measure(line, node);
      if (!seen.add(List.of(measure.metric(), measure.facet()))) {
        throw line.bad("field 'score' measures '" + measure.metric() + "' twice");
      }
      measures.add(measure);
    }
    return new Scored(measures, Optional.ofNullable(extracted.textValue()));
  }

  private static Measure measure(JsonLine line, JsonNode measure) {
    JsonNode metric = measure.path("metric");
    JsonNode facet = measure.path("facet");
    boolean sliced = facet.path("name").isTextual() && facet.path("value").isTextual();
    if (!metric.isTextual() || !(facet.isMissingNode() || sliced)) {
      throw line.bad("field 'score' has a measure without a metric, or with a broken facet");
    }
    double weight = number(line, measure, "weight");
    if (weight < 0) {
      throw line.bad("a measure of '" + metric.textValue() + "' has weight " + weight);
    }
    return new Measure(
        metric.textValue(),
        sliced
            ? Optional.of(
                new Facet(facet.path("name").textValue(), facet.path("value").textValue()))
            : Optional.empty(),
        number(line, measure, "value"),
        weight);
  }

  private static double number(JsonLine line, JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw line.bad("field '" + field + "' is not a finite number");
    }
    if (Math.abs(value.doubleValue()) > LARGEST) {
      throw line.bad("field '" + field + "' is beyond " + LARGEST);
    }
    return value.doubleValue();
  }

  private static long count(JsonLine line, String field) {
    JsonNode value = line.object().path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw line.bad("field '" + field + "' is not a whole number from 0 on");
    }
    if (value.longValue() > MOST) {
      throw line.bad("field '" + field + "' is above " + MOST);
    }
    return value.longValue();
  }
}
