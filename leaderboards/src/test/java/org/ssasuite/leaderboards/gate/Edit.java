package org.ssasuite.leaderboards.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One file of a run with something else in it.
 *
 * @param what was done, for messages
 * @param content absent: the file is gone
 */
record Edit(String what, Optional<String> content) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Edit of(String what, String content) {
    return new Edit(what, Optional.of(content));
  }

  /** Everything that is done to a file of any kind. */
  static List<Edit> ofWhole(byte[] intact, byte[] other) {
    String text = text(intact);
    List<Edit> edits = new ArrayList<>();
    edits.add(new Edit("deleted", Optional.empty()));
    edits.add(of("emptied", ""));
    edits.add(of("the other run's", text(other)));
    edits.add(of("twice", text + text));
    edits.add(of("without its last line feed", text.substring(0, text.length() - 1)));
    List<String> lines = text.lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      edits.add(of("cut to " + i + " lines", joined(lines.subList(0, i))));
    }
    return edits;
  }

  /** Lines that are gone, doubled, exchanged, or the other run's. */
  static List<Edit> ofLines(byte[] intact, byte[] other) {
    List<String> lines = text(intact).lines().toList();
    List<String> others = text(other).lines().toList();
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      int at = i;
      edits.add(changed("line " + i + " deleted", lines, all -> all.remove(at)));
      edits.add(changed("line " + i + " doubled", lines, all -> all.add(at, all.get(at))));
      edits.add(changed("line " + i + " at the end", lines, all -> all.add(all.remove(at))));
      if (i < others.size() && !others.get(i).equals(lines.get(i))) {
        edits.add(changed("the other's line " + i, lines, all -> all.set(at, others.get(at))));
      }
    }
    return edits;
  }

  private static Edit changed(String what, List<String> lines, Consumer<List<String>> change) {
    List<String> all = new ArrayList<>(lines);
    change.accept(all);
    return of(what, joined(all));
  }

  /** Every field of every line's JSON. */
  static List<Edit> ofJsonLines(byte[] intact) {
    List<String> lines = text(intact).lines().toList();
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      int at = i;
      for (Edit line : ofJson(lines.get(i).getBytes(StandardCharsets.UTF_8))) {
        edits.add(
            changed(
                "line " + i + ": " + line.what(),
                lines,
                all -> all.set(at, line.content().orElseThrow().strip())));
      }
    }
    return edits;
  }

  /** Every field of a JSON text: gone, there twice, and with every other value that fits. */
  static List<Edit> ofJson(byte[] intact) {
    List<Edit> edits = new ArrayList<>();
    visit(read(intact), "", intact, edits);
    return edits;
  }

  private static void visit(JsonNode node, String pointer, byte[] intact, List<Edit> edits) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String name = field.getKey();
        String below = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
        edit(below + " gone", intact, edits, root -> object(root, pointer).remove(name));
        twice(below, pointer, name, intact, edits);
        for (JsonNode value : others(field.getValue())) {
          edit(below + " " + value, intact, edits, root -> object(root, pointer).set(name, value));
        }
        visit(field.getValue(), below, intact, edits);
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      int at = i;
      String below = pointer + "/" + i;
      edit(below + " gone", intact, edits, root -> array(root, pointer).remove(at));
      edit(
          below + " twice",
          intact,
          edits,
          root -> array(root, pointer).add(array(root, pointer).get(at).deepCopy()));
      for (JsonNode value : others(node.get(i))) {
        edit(below + " " + value, intact, edits, root -> array(root, pointer).set(at, value));
      }
      visit(node.get(i), below, intact, edits);
    }
  }

  private static void edit(
      String what, byte[] intact, List<Edit> edits, Consumer<JsonNode> change) {
    JsonNode root = read(intact);
    change.accept(root);
    edits.add(of(what, root.toPrettyString() + "\n"));
  }

  /** A tree cannot hold a field twice: a placeholder becomes the second one. */
  private static void twice(
      String below, String pointer, String name, byte[] intact, List<Edit> edits) {
    JsonNode root = read(intact);
    ObjectNode parent = object(root, pointer);
    for (JsonNode value : List.of(parent.get(name), MAPPER.nullNode())) {
      parent.set("second-of-it", value);
      String text =
          root.toString().replace("\"second-of-it\"", MAPPER.valueToTree(name).toString());
      edits.add(of(below + " twice, " + value, text + "\n"));
    }
  }

  private static List<JsonNode> others(JsonNode value) {
    List<JsonNode> others = new ArrayList<>();
    if (value.isNumber()) {
      double number = value.doubleValue();
      for (double other : new double[] {0, -number, number / 2, 2 * number, number - 0.3}) {
        if (other != number) {
          others.add(
              value.isIntegralNumber() && other == Math.rint(other)
                  ? MAPPER.valueToTree((long) other)
                  : MAPPER.valueToTree(other));
        }
      }
    } else if (value.isTextual()) {
      String text = value.textValue();
      others.add(MAPPER.valueToTree(text + "x"));
      others.add(MAPPER.valueToTree(text.replaceAll("[1-9]", "0")));
      others.add(MAPPER.valueToTree(text.replaceAll("/[2-9]$", "/1")));
      others.add(MAPPER.valueToTree(""));
      others.removeIf(value::equals);
    } else if (value.isBoolean()) {
      others.add(MAPPER.valueToTree(!value.booleanValue()));
    } else if (value.isNull()) {
      others.add(MAPPER.valueToTree(1));
      others.add(MAPPER.valueToTree("x"));
    } else {
      others.add(value.isArray() ? MAPPER.createArrayNode() : MAPPER.createObjectNode());
      others.removeIf(value::equals);
    }
    others.add(MAPPER.nullNode());
    others.removeIf(value::equals);
    return others;
  }

  private static ObjectNode object(JsonNode root, String pointer) {
    return (ObjectNode) root.at(pointer);
  }

  private static ArrayNode array(JsonNode root, String pointer) {
    return (ArrayNode) root.at(pointer);
  }

  private static JsonNode read(byte[] json) {
    try {
      return MAPPER.readTree(text(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String joined(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
