package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.request.ModelCard;

class DeferredModelTest {
  @Test
  void theModelThatIsLoadedIsTheOneThatWasPlanned() {
    ModelCard planned = new ModelCard("m", "full", OptionalInt.of(8), Map.of("x", "y"));

    try (DeferredModel model = new DeferredModel(planned, () -> new UniformModel(4))) {
      assertThatThrownBy(() -> model.answer(List.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("loaded ");
    }
  }

  @Test
  void nothingIsLoadedForTheCard() {
    ModelCard planned = new ModelCard("m", "full", OptionalInt.of(8), Map.of());

    try (DeferredModel model =
        new DeferredModel(
            planned,
            () -> {
              throw new IllegalStateException("loaded");
            })) {
      assertThat(model.card()).isEqualTo(planned);
    }
  }
}
