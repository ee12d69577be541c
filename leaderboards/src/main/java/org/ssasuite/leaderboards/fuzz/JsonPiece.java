package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A JSON value that need not stay one: leaves are any text, and an object may have a key twice.
 * Mutable, one owner.
 */
final class JsonPiece {
  /** What a container begins with; anything else is a leaf. */
  private final char opening;

  /** JSON text of a leaf. */
  private final String leaf;

  /** JSON text of each key; empty texts in an array. */
  private final List<String> keys = new ArrayList<>();

  private final List<JsonPiece> values = new ArrayList<>();

  private JsonPiece(char opening, String leaf) {
    this.opening = opening;
    this.leaf = leaf;
  }

  /** A leaf of any text, JSON or not. */
  static JsonPiece raw(String text) {
    return new JsonPiece('\0', text);
  }

  static JsonPiece of(JsonNode node) {
    if (!node.isContainerNode()) {
      return raw(node.toString());
    }
    JsonPiece piece = new JsonPiece(node.isObject() ? '{' : '[', "");
    if (node.isObject()) {
      node.properties().forEach(entry -> piece.add(quoted(entry.getKey()), of(entry.getValue())));
    } else {
      node.forEach(element -> piece.add("", of(element)));
    }
    return piece;
  }

  /** A string's JSON text; what it holds is written as it is, so that it may break the string. */
  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  JsonPiece copy() {
    JsonPiece copy = new JsonPiece(opening, leaf);
    copy.keys.addAll(keys);
    values.forEach(value -> copy.values.add(value.copy()));
    return copy;
  }

  boolean isObject() {
    return opening == '{';
  }

  boolean isContainer() {
    return opening != '\0';
  }

  int size() {
    return values.size();
  }

  void add(String key, JsonPiece value) {
    keys.add(key);
    values.add(value);
  }

  void insert(int index, String key, JsonPiece value) {
    keys.add(index, key);
    values.add(index, value);
  }

  String key(int index) {
    return keys.get(index);
  }

  void rename(int index, String key) {
    keys.set(index, key);
  }

  JsonPiece value(int index) {
    return values.get(index);
  }

  void replace(int index, JsonPiece value) {
    values.set(index, value);
  }

  void remove(int index) {
    keys.remove(index);
    values.remove(index);
  }

  /** A place in the tree that holds a value. */
  record Place(JsonPiece container, int index) {
    JsonPiece value() {
      return container.value(index);
    }

    void put(JsonPiece value) {
      container.replace(index, value);
    }

    /** The key, or the number in an array. */
    String name() {
      return container.isObject() ? container.key(index) : "[" + index + "]";
    }
  }

  /**
   * A place below this container, which holds something. Every level is as likely to be the last,
   * so that a few fields beside a large table are not missed.
   */
  Place pick(RandomGenerator random) {
    JsonPiece container = this;
    while (true) {
      int index = random.nextInt(container.size());
      JsonPiece below = container.value(index);
      if (below.size() == 0 || random.nextInt(3) == 0) {
        return new Place(container, index);
      }
      container = below;
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    if (!isContainer()) {
      text.append(leaf);
      return;
    }
    text.append(opening);
    for (int i = 0; i < values.size(); i++) {
      text.append(i == 0 ? "" : ", ");
      if (isObject()) {
        text.append(keys.get(i)).append(": ");
      }
      values.get(i).write(text);
    }
    text.append(isObject() ? '}' : ']');
  }
}
