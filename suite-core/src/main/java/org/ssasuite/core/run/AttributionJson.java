package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.FailureClass;
import org.ssasuite.core.attribution.HeadMasses;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.NeedleNote;
import org.ssasuite.core.files.JsonLine;

/** The lines of an {@code attribution.jsonl}, out and in. What was written is read back equal. */
final class AttributionJson {
  private static final Set<String> FIELDS = Set.of("sample", "document", "needles", "again");
  private static final Set<String> OF_NEEDLE =
      Set.of("depth", "found", "largest", "mean", "attended");

  /** Sums of weights in floating point may be a little more than 1. */
  private static final double MOST = 1.001;

  private AttributionJson() {}

  /** One line, the line feed included. */
  static byte[] line(AttributionRecord record) {
    ObjectNode line = RunJson.fields();
    line.put("sample", record.sample());
    line.put("document", record.document());
    ArrayNode needles = line.putArray("needles");
    for (NeedleNote note : record.needles()) {
      ObjectNode one = needles.addObject();
      one.put("depth", note.tenth());
      one.put("found", note.found());
      put(one.putArray("largest"), note.largest());
      put(one.putArray("mean"), note.mean());
      note.attended().ifPresent(masses -> put(one.putArray("attended"), masses));
    }
    record
        .again()
        .ifPresent(
            found -> {
              ArrayNode again = line.putArray("again");
              found.forEach(again::add);
            });
    return RunJson.line(line);
  }

  private static void put(ArrayNode layers, HeadMasses masses) {
    for (List<Double> heads : masses.layers()) {
      ArrayNode values = layers.addArray();
      heads.forEach(value -> values.add(value.floatValue()));
    }
  }

  /**
   * Reads one line.
   *
   * @throws BadInputException with file and line if it is not what {@link #line} writes
   */
  static AttributionRecord read(JsonLine line) {
    requireKnown(line, line.object(), FIELDS);
    JsonNode all = line.object().path("needles");
    if (!all.isArray()) {
      throw line.bad("field 'needles' is no list");
    }
    List<NeedleNote> needles = new ArrayList<>();
    for (JsonNode node : all) {
      NeedleNote note = needle(line, node);
      if (!needles.isEmpty() && !note.isLike(needles.get(0))) {
        throw line.bad("has needles of different numbers of layers or heads");
      }
      needles.add(note);
    }
    AttributionRecord record =
        new AttributionRecord(
            line.text("sample"), line.text("document"), needles, Optional.empty());
    Optional<List<Boolean>> again = again(line, needles.size());
    boolean lost = record.failure().equals(Optional.of(FailureClass.SELECTION_LOST));
    if (again.isPresent() != lost) {
      throw line.bad(
          lost
              ? "is of a sample that the selection lost, and was not asked again"
              : "was asked again although the selection did not lose it");
    }
    return again.map(record::askedAgain).orElse(record);
  }

  private static void requireKnown(JsonLine line, JsonNode object, Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw line.bad("field '" + unknown.iterator().next() + "' is not known");
    }
  }

  private static NeedleNote needle(JsonLine line, JsonNode node) {
    requireKnown(line, node, OF_NEEDLE);
    JsonNode depth = node.path("depth");
    if (!depth.isInt() || depth.intValue() < 0 || depth.intValue() >= Needle.TENTHS) {
      throw line.bad("field 'depth' is no tenth from 0 to 9");
    }
    if (!node.path("found").isBoolean()) {
      throw line.bad("field 'found' is neither true nor false");
    }
    HeadMasses largest = masses(line, "largest", node);
    HeadMasses mean = masses(line, "mean", node);
    Optional<HeadMasses> attended =
        node.has("attended") ? Optional.of(masses(line, "attended", node)) : Optional.empty();
    if (!mean.isLike(largest) || attended.filter(each -> !each.isLike(largest)).isPresent()) {
      throw line.bad("has masses of different numbers of layers or heads");
    }
    return new NeedleNote(
        depth.intValue(), node.path("found").booleanValue(), largest, mean, attended);
  }

  private static HeadMasses masses(JsonLine line, String name, JsonNode node) {
    List<List<Double>> layers = new ArrayList<>();
    for (JsonNode heads : node.path(name)) {
      List<Double> values = new ArrayList<>();
      for (JsonNode value : heads) {
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= MOST)) {
          throw line.bad("field '" + name + "' has a value that is no share");
        }
        values.add(value.doubleValue());
      }
      if (!heads.isArray()
          || values.isEmpty()
          || (!layers.isEmpty() && layers.get(0).size() != values.size())) {
        throw line.bad(
            "field '" + name + "' has a layer without values, or with more than another");
      }
      layers.add(values);
    }
    if (layers.isEmpty() || !node.path(name).isArray()) {
      throw line.bad("field '" + name + "' has no layers");
    }
    return new HeadMasses(layers);
  }

  private static Optional<List<Boolean>> again(JsonLine line, int needles) {
    JsonNode node = line.object().path("again");
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    List<Boolean> found = new ArrayList<>();
    for (JsonNode each : node) {
      if (!each.isBoolean()) {
        throw line.bad("field 'again' has something that is neither true nor false");
      }
      found.add(each.booleanValue());
    }
    if (!node.isArray() || found.size() != needles) {
      throw line.bad("field 'again' has not an entry for each needle");
    }
    return Optional.of(found);
  }
}
