package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.request.ModelCard;

class DeferredModelTest {
  @Test
  void aFileThatChangedBeforeItWasLoadedIsNamed() {
    ModelCard planned =
        new ModelCard(
            "m", "full", OptionalInt.of(8), Map.of("sha256:model.safetensors", "00", "x", "y"));

    try (DeferredModel model =
        new DeferredModel(planned, Path.of("folder"), () -> new UniformModel(4))) {
      assertThatThrownBy(() -> model.answer(List.of()))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "folder/model.safetensors: has changed since the run began: its SHA-256 was 00, and"
                  + " is none");
    }
  }
}
