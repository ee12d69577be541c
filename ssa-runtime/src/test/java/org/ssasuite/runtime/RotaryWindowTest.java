package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;

class RotaryWindowTest {
  private static final RopeScaling ROPE = new RopeScaling.Default();

  /** After a stretch at the beginning: within it, across its end, behind it, far away. */
  @ParameterizedTest
  @CsvSource({"0, 1, 8192", "0, 8193, 16384", "16383, 16385, 16384", "1000000, 1000001, 8192"})
  void everyCoveredPositionHasTheRowOfItsAngles(int from, int to, int rows) {
    ModelConfig config = ModelConfig.of(Path.of("config.json"), TinyCheckpoint.config());
    try (RotaryWindow window = new RotaryWindow(config, ROPE, false)) {
      window.cover(5, 6);
      window.cover(from, to);
      Map<String, OnnxTensor> inputs = new HashMap<>();
      window.addTo(inputs);
      int dim = config.headDim();
      assertThat(inputs.get("cos").getInfo().getShape()).containsExactly(rows, dim);
      for (int position : new int[] {from, to - 1}) {
        int row = position - window.first();
        for (int i = 0; i < dim; i++) {
          double angle = position * Math.pow(config.ropeTheta(), -2.0 * (i % (dim / 2)) / dim);
          assertThat((double) inputs.get("cos").getFloatBuffer().get(row * dim + i))
              .isCloseTo(Math.cos(angle), within(1e-7));
          assertThat((double) inputs.get("sin").getFloatBuffer().get(row * dim + i))
              .isCloseTo(Math.sin(angle), within(1e-7));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 8192", "8192, 16384", "8191, 8193"})
  void aWindowMovesOnlyToWhatItLacks(int from, int to) {
    ModelConfig config = ModelConfig.of(Path.of("config.json"), TinyCheckpoint.config());
    try (RotaryWindow window = new RotaryWindow(config, ROPE, false)) {
      window.cover(from, to);
      Map<String, OnnxTensor> before = new HashMap<>();
      window.addTo(before);
      window.cover(from + 1, to);
      Map<String, OnnxTensor> after = new HashMap<>();
      window.addTo(after);
      assertThat(after.get("cos")).isSameAs(before.get("cos"));
    }
  }

  @Test
  void rowsOfTheirOwnAreThoseOfTheWhole() {
    ModelConfig config = ModelConfig.of(Path.of("config.json"), TinyCheckpoint.config());
    int dim = config.headDim();
    try (RotaryWindow window = new RotaryWindow(config, ROPE, true)) {
      window.cover(0, 20_000);
      Map<String, OnnxTensor> whole = new HashMap<>();
      window.addTo(whole);
      Map<String, OnnxTensor> few = new HashMap<>();
      int[] rows = {19_999, 0, 7, 7};
      window.addRowsTo(few, rows);
      for (String table : List.of("cos", "sin")) {
        assertThat(few.get(table).getInfo().getShape()).containsExactly(rows.length, dim);
        for (int i = 0; i < rows.length * dim; i++) {
          assertThat(few.get(table).getFloatBuffer().get(i))
              .isEqualTo(whole.get(table).getFloatBuffer().get(rows[i / dim] * dim + i % dim));
        }
      }
      few.values().forEach(OnnxTensor::close);
    }
  }
}
