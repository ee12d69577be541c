package org.ssasuite.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ssasuite.trainer.model.Method;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.StreamChoice;
import org.ssasuite.trainer.recipe.TrainSpec;

class StreamDrawsTest {
  private static final TrainSpec SSA = Recipes.recipe("ssa-mini");

  @Test
  void halfOfTheStepsAreFull() {
    StreamDraws draws = draws(0.5, StreamChoice.STEP);

    // Four standard deviations of 4,000 throws of a coin.
    assertThat(full(draws, 4000)).isBetween(2000L - 127, 2000L + 127);
  }

  @Test
  void theRatioIsTheShareOfFullSteps() {
    assertThat(full(draws(1, StreamChoice.STEP), 100)).isEqualTo(100);
    assertThat(full(draws(0, StreamChoice.STEP), 100)).isZero();
    assertThat(full(draws(0.25, StreamChoice.STEP), 4000)).isBetween(1000L - 110, 1000L + 110);
  }

  @Test
  void aStepIsOfOneStream() {
    StreamDraws draws = draws(0.5, StreamChoice.STEP);

    assertThat(IntStream.range(0, 50).mapToObj(draws::text)).containsOnly("full", "sparse");
  }

  @Test
  void layersThatDrawByThemselvesAreMixed() {
    StreamDraws draws = draws(0.5, StreamChoice.LAYER);

    assertThat(IntStream.range(0, 50).mapToObj(draws::text)).containsOnly("mixed");
  }

  @Test
  void variantsOfOneStreamDrawNothing() {
    TrainSpec moba = Recipes.recipe("moba-mini");
    StreamDraws draws = new StreamDraws(moba, Method.of(moba));

    assertThat(IntStream.range(0, 50).mapToObj(draws::text)).containsOnly("sparse");
  }

  private static long full(StreamDraws draws, int steps) {
    return IntStream.range(0, steps)
        .filter(step -> draws.of(step, 0).apply(0) == Stream.FULL)
        .count();
  }

  private static StreamDraws draws(double ratio, StreamChoice choice) {
    TrainSpec spec = SSA.with(new TrainSpec.Streams(ratio, choice));
    return new StreamDraws(spec, Method.of(spec));
  }
}
