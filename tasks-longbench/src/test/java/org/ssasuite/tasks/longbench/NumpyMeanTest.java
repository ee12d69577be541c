package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.testing.Golden;

class NumpyMeanTest {
  @Test
  void meansAreNumpysToTheLastBit() {
    for (JsonNode vector : Golden.vectors("numpy-mean.jsonl")) {
      PythonRandom random = new PythonRandom(vector.get("seed").longValue());
      double[] values = new double[vector.get("count").intValue()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.random();
      }
      assertThat(NumpyMean.mean(values)).isEqualTo(vector.get("mean").doubleValue());
      assertThat(NumpyMean.roundToHundredths(100 * NumpyMean.mean(values)))
          .isEqualTo(vector.get("rounded").doubleValue());
    }
  }

  @Test
  void numpyRoundsTheProductAndPythonTheNumber() {
    // 0.285 is below 0.285 in binary, but 100 times it is 28.5.
    assertThat(NumpyMean.roundToHundredths(0.285)).isEqualTo(0.28);
    assertThat(NumpyMean.roundToHundredths(1.115)).isNotEqualTo(PythonText.round(1.115, 2));
  }
}
