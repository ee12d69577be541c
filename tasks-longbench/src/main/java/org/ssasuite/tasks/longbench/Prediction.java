package org.ssasuite.tasks.longbench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalDouble;
import org.ssasuite.core.files.JsonLine;

/**
 * One line of a prediction file as upstream's program writes it.
 *
 * @param length of its record; absent where the line has none
 */
record Prediction(String text, List<String> answers, List<String> classes, OptionalDouble length) {
  Prediction {
    answers = List.copyOf(answers);
    classes = List.copyOf(classes);
  }

  /**
   * Reads a line.
   *
   * @param needsLength whether a length must be there
   * @throws org.ssasuite.core.BadInputException with file, line and field
   */
  static Prediction read(JsonLine line, DataSet set, boolean needsLength) {
    List<String> answers = line.texts("answers");
    for (String answer : answers) {
      set.scoring()
          .faultOf(answer)
          .ifPresent(
              fault -> {
                throw line.bad("an answer " + fault);
              });
    }
    OptionalDouble length = length(line, needsLength);
    return new Prediction(line.text("pred"), answers, classes(line, set), length);
  }

  /** {@code all_classes} is null where a data set has no classes. */
  static List<String> classes(JsonLine line, DataSet set) {
    JsonNode value = line.object().get("all_classes");
    if (value != null && value.isNull()) {
      if (set.scoring() == Scoring.CLASS_SHARE) {
        throw line.bad("field 'all_classes' is null; " + set.text() + " is scored by its classes");
      }
      return List.of();
    }
    return line.texts("all_classes");
  }

  private static OptionalDouble length(JsonLine line, boolean needed) {
    JsonNode value = line.object().get("length");
    if (value == null && !needed) {
      return OptionalDouble.empty();
    }
    if (value == null) {
      throw line.bad("field 'length' is missing");
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw line.bad("field 'length' is not a finite number");
    }
    return OptionalDouble.of(value.doubleValue());
  }
}
