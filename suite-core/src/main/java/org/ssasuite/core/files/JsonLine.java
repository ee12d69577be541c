package org.ssasuite.core.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;

/**
 * A record of a file, mostly one line of JSON: an object that knows where it stands, for messages.
 */
public final class JsonLine {
  private static final String LINE = "line";

  private final Path file;

  /** What the number counts. */
  private final String unit;

  private final long number;
  private final ObjectNode object;

  /** Stands before the names of fields in messages; empty for the line itself. */
  private final String path;

  private JsonLine(Path file, String unit, long number, ObjectNode object, String path) {
    this.file = file;
    this.unit = unit;
    this.number = number;
    this.object = object;
    this.path = path;
  }

  /**
   * A record of a file that has no lines.
   *
   * @param number from 1
   */
  public static JsonLine ofRow(Path file, long number, ObjectNode object) {
    return new JsonLine(file, "row", number, object, "");
  }

  /**
   * Reads one line.
   *
   * @param ended whether a line feed ended it; one that none ended may be truncated
   */
  static JsonLine parse(Path file, long number, byte[] line, boolean ended) {
    String text = StrictUtf8.decode(line, at -> broken(file, number, ended, "not UTF-8", at));
    try {
      JsonNode node = JsonDocument.parse(text, JsonDocument.Keys.ONCE);
      if (node instanceof ObjectNode object) {
        return new JsonLine(file, LINE, number, object, "");
      }
      throw broken(file, number, ended, "not a JSON object", 0);
    } catch (JsonProcessingException e) {
      JsonFault fault = JsonFault.of(e);
      throw broken(file, number, ended, "not JSON: " + fault.fact(), fault.offset());
    }
  }

  private static BadInputException broken(
      Path file, long number, boolean ended, String fact, int offset) {
    String what = ended ? fact : "truncated last line, or a broken one: " + fact;
    return new BadInputException(file, "line " + number + ", offset " + offset + ": " + what);
  }

  /** The line's or row's number, from 1. */
  public long number() {
    return number;
  }

  public JsonNode object() {
    return object;
  }

  /**
   * A field that must be there and be a string.
   *
   * @throws BadInputException with file, line and field
   */
  public String text(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      throw bad("field '" + path + field + "' is missing");
    }
    if (!value.isTextual()) {
      throw bad("field '" + path + field + "' is not a string");
    }
    return whole(field, value.textValue());
  }

  /**
   * A field that must be there and be a list of strings.
   *
   * @throws BadInputException with file, line and field
   */
  public List<String> texts(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      throw bad("field '" + path + field + "' is missing");
    }
    List<String> texts = new ArrayList<>();
    value.forEach(text -> texts.add(text.textValue()));
    if (!value.isArray() || texts.contains(null)) {
      throw bad("field '" + path + field + "' is not a list of strings");
    }
    texts.forEach(text -> whole(field, text));
    return texts;
  }

  /**
   * A field that must be there and be an object, whose fields are then asked for as the line's are.
   *
   * @throws BadInputException with file, line and field
   */
  public JsonLine within(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      throw bad("field '" + path + field + "' is missing");
    }
    return inside(value, field);
  }

  /**
   * A field that must be there and be a list of objects.
   *
   * @throws BadInputException with file, line and field
   */
  public List<JsonLine> eachWithin(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      throw bad("field '" + path + field + "' is missing");
    }
    if (!value.isArray()) {
      throw bad("field '" + path + field + "' is not a list of objects");
    }
    List<JsonLine> all = new ArrayList<>();
    for (JsonNode one : value) {
      all.add(inside(one, field + "[" + all.size() + "]"));
    }
    return all;
  }

  private JsonLine inside(JsonNode value, String name) {
    if (value instanceof ObjectNode inner) {
      return new JsonLine(file, unit, number, inner, path + name + ".");
    }
    throw bad("field '" + path + name + "' is not an object");
  }

  /**
   * A text that is to be used: JSON can state what no tokenizer takes.
   *
   * @throws BadInputException with file, line and field for half of a surrogate pair
   */
  public String whole(String field, String text) {
    HalfSurrogates.firstIn(text)
        .ifPresent(
            at -> {
              throw bad(
                  "field '" + path + field + "' has half of a surrogate pair at character " + at);
            });
    return text;
  }

  /**
   * A field that must be there and count something from 0.
   *
   * @param count what it must be below
   * @throws BadInputException with file, line and field
   */
  public int index(String field, int count) {
    JsonNode value = object.get(field);
    if (value == null) {
      throw bad("field '" + path + field + "' is missing");
    }
    if (!value.canConvertToInt()
        || !value.isIntegralNumber()
        || value.intValue() < 0
        || value.intValue() >= count) {
      throw bad("field '" + path + field + "' is not a whole number from 0 to " + (count - 1));
    }
    return value.intValue();
  }

  /** What is wrong with this line, as an exception that names file and line. */
  public BadInputException bad(String fact) {
    return new BadInputException(file, unit + " " + number + ": " + fact);
  }
}
