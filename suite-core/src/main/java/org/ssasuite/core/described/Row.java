package org.ssasuite.core.described;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.HalfSurrogates;

/**
 * One row of a task's data, which knows where it stands, for messages. A field is called by its
 * key; a field of an object within the row by both keys with a dot between them.
 *
 * @param place as {@code line 3}
 */
record Row(Path file, String place, ObjectNode fields) {
  /** Of fields that a message names. */
  private static final int SHOWN = 8;

  Row {
    Objects.requireNonNull(file);
    Objects.requireNonNull(place);
    Objects.requireNonNull(fields);
  }

  /**
   * A field's text; a whole number is its digits.
   *
   * @throws BadInputException with file, place and field if it is neither, or not there
   */
  String text(String field) {
    return text(field, value(field), "a text or a whole number");
  }

  /**
   * A field's texts: a list's, or the one that it is itself.
   *
   * @throws BadInputException as {@link #text(String)}
   */
  List<String> texts(String field) {
    JsonNode value = value(field);
    if (!value.isArray()) {
      return List.of(text(field, value, "a text, a whole number or a list of them"));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode one : value) {
      texts.add(text(field + "[" + texts.size() + "]", one, "a text or a whole number"));
    }
    return texts;
  }

  private String text(String field, JsonNode value, String needed) {
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw bad("field '" + field + "' is not " + needed);
    }
    String text = value.asText();
    HalfSurrogates.firstIn(text)
        .ifPresent(
            at -> {
              throw bad("field '" + field + "' has half of a surrogate pair at character " + at);
            });
    return text;
  }

  private JsonNode value(String field) {
    JsonNode value = fields.get(field);
    int dot = field.indexOf('.');
    while (value == null && dot >= 0) {
      value = fields.path(field.substring(0, dot)).get(field.substring(dot + 1));
      dot = field.indexOf('.', dot + 1);
    }
    if (value == null) {
      List<String> names = new ArrayList<>();
      fields.fieldNames().forEachRemaining(names::add);
      int more = names.size() - SHOWN;
      throw bad(
          "field '"
              + field
              + "' is missing; there are "
              + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
              + (more > 0 ? " and " + more + " more" : ""));
    }
    return value;
  }

  /** What is wrong with this row, as an exception that names file and place. */
  BadInputException bad(String fact) {
    return new BadInputException(file, place + ": " + fact);
  }
}
