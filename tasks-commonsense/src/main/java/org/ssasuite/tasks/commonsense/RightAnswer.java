package org.ssasuite.tasks.commonsense;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.ssasuite.core.files.JsonLine;

/** Which choice a record says is right. Test splits are published without. */
final class RightAnswer {
  private RightAnswer() {}

  /** A number from 0, or its digit in a string: the reference takes {@code int(label)}. */
  static int numbered(JsonLine line, String field, int choices) {
    JsonNode value = line.object().get(field);
    if (value == null || !value.isTextual()) {
      return line.index(field, choices);
    }
    for (int i = 0; i < choices; i++) {
      if (value.textValue().equals(Integer.toString(i))) {
        return i;
      }
    }
    throw of(line, field, "is '" + value.textValue() + "', none of 0 to " + (choices - 1));
  }

  /** One of the labels that the choices have. */
  static int labelled(JsonLine line, String field, List<String> labels) {
    String key = line.text(field);
    int right = labels.indexOf(key);
    if (right < 0) {
      throw of(line, field, "is '" + key + "', none of " + String.join(", ", labels));
    }
    return right;
  }

  /** What is wrong with a right answer that no choice has. */
  static RuntimeException of(JsonLine line, String field, String fact) {
    boolean empty = line.object().path(field).asText().isEmpty();
    return line.bad(
        "field '" + field + "' " + (empty ? "is empty: the split has no answers" : fact));
  }
}
