package org.ssasuite.trainer.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.trainer.recipe.TrainSpec.Optimizer;
import org.ssasuite.trainer.recipe.TrainSpec.Schedule;

/**
 * The schedule that a parity folder's {@code config.json} states beside the model's shape.
 *
 * @param rows of a step
 * @param alignmentWeight {@code alpha}
 */
record ParitySchedule(
    int steps, int rows, Schedule schedule, Optimizer optimizer, double alignmentWeight) {
  private static final long MAX_BYTES = 4L << 20;

  /**
   * Reads it.
   *
   * @throws BadInputException if a figure is missing or impossible
   */
  static ParitySchedule read(Path config) {
    JsonNode stated =
        JsonDocument.read(new DataFile(config, MAX_BYTES), JsonDocument.Keys.LAST_COUNTS);
    Figures figures = new Figures(config, stated);
    try {
      return new ParitySchedule(
          figures.count("steps", 1),
          figures.count("rows_per_step", 1),
          new Schedule(
              figures.number("/peak_lr"),
              0,
              figures.count("warmup_steps", 0),
              Schedule.Rise.FROM_FIRST),
          new Optimizer(
              figures.number("/betas/0"),
              figures.number("/betas/1"),
              figures.number("/eps"),
              figures.number("/weight_decay"),
              figures.number("/clip")),
          figures.number("/alpha"));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(config.toString(), e.getMessage(), e);
    }
  }

  private record Figures(Path file, JsonNode object) {
    double number(String pointer) {
      JsonNode value = object.at(pointer);
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw new BadInputException(file, "'" + pointer.substring(1) + "' is no finite number");
      }
      return value.doubleValue();
    }

    int count(String field, int least) {
      JsonNode value = object.path(field);
      if (!value.isInt() || value.intValue() < least) {
        throw new BadInputException(
            file, "'" + field + "' is no whole number from " + least + " on");
      }
      return value.intValue();
    }
  }
}
