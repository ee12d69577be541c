package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.request.ModelCard;

/**
 * In what two manifests differ, so that one run cannot go on as the other. When it began and what
 * the machine's owner may change without changing an answer (its name for its system, the Java
 * version, how many processors there are) does not count; the kind of processor does. A program is
 * the same if it is made of the same, whatever its checkout is called meanwhile; where a manifest
 * does not say what its program was made of, the commit has to do.
 */
final class ManifestDifferences {
  private static final List<String> MACHINE_ASIDE =
      List.of("operating_system", "java", "processors");

  /** What of a model's facts is its device's. */
  private static final List<String> DEVICE = List.of("device_name", "isa");

  /** What preset {@code standard} was called. */
  private static final String STANDARD_BEFORE = "quick";

  private static final String COMMIT = "commit";
  private static final String LIBRARIES = "libraries";

  /**
   * Characters of a value that is shown whole, of what is shown of others, and of its beginning.
   */
  private static final int LONGEST = 200;

  private static final int STRETCH = 100;
  private static final int BEFORE = 30;

  private ManifestDifferences() {}

  /** As {@code spec.limit is 20 there, 10 here}, in the order of the fields' names. */
  static List<String> of(RunManifest there, RunManifest here) {
    List<String> differences = new ArrayList<>();
    ObjectNode left = counting(there);
    ObjectNode right = counting(here);
    if (program(left).isTextual() && program(right).isTextual()) {
      left.remove(COMMIT);
      right.remove(COMMIT);
    } else {
      ((ObjectNode) left.get(LIBRARIES)).remove(RunManifest.PROGRAM);
      ((ObjectNode) right.get(LIBRARIES)).remove(RunManifest.PROGRAM);
    }
    compare("", left, right, differences);
    if (differences.isEmpty()) {
      differences.addAll(rows(there.rows(), here.rows()));
    }
    return differences;
  }

  /** The same of a run that is not done here alone: each part of it states its device. */
  static List<String> asideDevices(RunManifest there, RunManifest here) {
    return of(without(there), without(here));
  }

  /** Of no device; the machine of both is that of the one that asks. */
  private static RunManifest without(RunManifest manifest) {
    List<ModelCard> cards =
        manifest.models().stream()
            .map(
                card -> {
                  Map<String, String> facts = new TreeMap<>(card.facts());
                  facts.keySet().removeAll(DEVICE);
                  return new ModelCard(card.name(), card.mode(), card.trainedTokens(), facts);
                })
            .toList();
    Map<String, String> libraries = new TreeMap<>(manifest.libraries());
    libraries.remove("cuda");
    return new RunManifest(
            manifest.schema(),
            manifest.spec(),
            manifest.version(),
            manifest.commit(),
            Machine.current(),
            cards,
            manifest.data(),
            libraries,
            manifest.rows(),
            manifest.startedSeconds())
        .withPublished(manifest.published());
  }

  /** Rows follow from the rest, so they are told where nothing else differs. */
  private static List<String> rows(List<PlannedRow> there, List<PlannedRow> here) {
    if (there.size() != here.size()) {
      return List.of("rows are " + there.size() + " there, " + here.size() + " here");
    }
    for (int i = 0; i < there.size(); i++) {
      PlannedRow row = there.get(i);
      if (!row.text().equals(here.get(i).text())) {
        return List.of(
            "row " + i + " is " + row.text() + " there, " + here.get(i).text() + " here");
      }
      List<String> differences = row.differences(here.get(i));
      if (!differences.isEmpty()) {
        return List.of(row.text() + ": " + differences.get(0) + " here");
      }
    }
    return List.of();
  }

  /** The same with everything that they state. */
  static List<String> ofAll(RunManifest there, RunManifest here) {
    List<String> differences = new ArrayList<>();
    compare("", RunJson.tree(there), RunJson.tree(here), differences);
    return differences;
  }

  private static JsonNode program(JsonNode manifest) {
    return manifest.path(LIBRARIES).path(RunManifest.PROGRAM);
  }

  private static ObjectNode counting(RunManifest manifest) {
    ObjectNode tree = (ObjectNode) RunJson.tree(manifest);
    tree.remove("started_seconds");
    tree.remove("rows");
    ((ObjectNode) tree.get("machine")).remove(MACHINE_ASIDE);
    ObjectNode spec = (ObjectNode) tree.get("spec");
    if (spec.path("preset").textValue().equals(STANDARD_BEFORE)) {
      spec.put("preset", "standard");
    }
    return tree;
  }

  private static void compare(
      String path, JsonNode there, JsonNode here, List<String> differences) {
    if (there.equals(here)) {
      return;
    }
    if (there.isArray() && here.isArray() && there.size() == here.size()) {
      for (int i = 0; i < there.size(); i++) {
        compare(path + "[" + i + "]", there.get(i), here.get(i), differences);
      }
      return;
    }
    if (!there.isObject() || !here.isObject()) {
      differences.add(
          path + " is " + shown(there, here) + " there, " + shown(here, there) + " here");
      return;
    }
    Set<String> names = new TreeSet<>();
    there.fieldNames().forEachRemaining(names::add);
    here.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      compare(
          path.isEmpty() ? name : path + "." + name,
          there.path(name),
          here.path(name),
          differences);
    }
  }

  /** A long value from shortly before it differs from the other one. */
  private static String shown(JsonNode value, JsonNode other) {
    String text = text(value);
    if (text.length() <= LONGEST) {
      return text;
    }
    String compared = text(other);
    int at = 0;
    while (at < Math.min(text.length(), compared.length())
        && text.charAt(at) == compared.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - BEFORE);
    int to = Math.min(text.length(), from + STRETCH);
    return (from > 0 ? "…" : "") + text.substring(from, to) + (to < text.length() ? "…" : "");
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "not stated";
    }
    return value.toString();
  }
}
