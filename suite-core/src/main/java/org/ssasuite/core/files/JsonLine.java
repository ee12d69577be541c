package org.ssasuite.core.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;

/** One line of a JSON Lines file: an object that knows where it stands, for messages. */
public final class JsonLine {
  private static final JsonMapper MAPPER = mapper();

  private final Path file;
  private final long number;
  private final ObjectNode object;

  private JsonLine(Path file, long number, ObjectNode object) {
    this.file = file;
    this.number = number;
    this.object = object;
  }

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    // Jackson's own limit is 20 million characters; a file's limit bounds its strings already.
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return mapper;
  }

  /**
   * Reads one line.
   *
   * @param ended whether a line feed ended it; one that none ended may be truncated
   */
  static JsonLine parse(Path file, long number, byte[] line, boolean ended) {
    String text = StrictUtf8.decode(line, at -> broken(file, number, ended, "not UTF-8", at));
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node instanceof ObjectNode object) {
        return new JsonLine(file, number, object);
      }
      throw broken(file, number, ended, "not a JSON object", 0);
    } catch (JsonProcessingException e) {
      int column = e.getLocation() == null ? 0 : Math.max(e.getLocation().getColumnNr() - 1, 0);
      throw broken(file, number, ended, e.getOriginalMessage(), column);
    }
  }

  private static BadInputException broken(
      Path file, long number, boolean ended, String fact, int offset) {
    String what = ended ? fact : "truncated last line, or a broken one: " + fact;
    return new BadInputException(file, "line " + number + ", offset " + offset + ": " + what);
  }

  /** The line's number, from 1. */
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
      throw bad("field '" + field + "' is missing");
    }
    if (!value.isTextual()) {
      throw bad("field '" + field + "' is not a string");
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
      throw bad("field '" + field + "' is missing");
    }
    List<String> texts = new ArrayList<>();
    value.forEach(text -> texts.add(text.textValue()));
    if (!value.isArray() || texts.contains(null)) {
      throw bad("field '" + field + "' is not a list of strings");
    }
    texts.forEach(text -> whole(field, text));
    return texts;
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
              throw bad("field '" + field + "' has half of a surrogate pair at character " + at);
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
      throw bad("field '" + field + "' is missing");
    }
    if (!value.canConvertToInt()
        || !value.isIntegralNumber()
        || value.intValue() < 0
        || value.intValue() >= count) {
      throw bad("field '" + field + "' is not a whole number from 0 to " + (count - 1));
    }
    return value.intValue();
  }

  /** What is wrong with this line, as an exception that names file and line. */
  public BadInputException bad(String fact) {
    return new BadInputException(file, "line " + number + ": " + fact);
  }
}
