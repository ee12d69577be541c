package org.ssasuite.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.ModelConfig;

class RecipesTest {
  @TempDir Path folder;

  static Stream<String> names() {
    return Recipes.names().stream();
  }

  /** SSA's paper, section 3 and its appendix; the miniatures by their checkpoints' shapes. */
  @ParameterizedTest
  @CsvSource({
    "ssa-1b, 1214, 951",
    "fullattn-1b, 1214, 951",
    "ssa-1b-32k, 1214, 951",
    "ssa-300m, 369, 238",
    "nsa-300m, 369, 238"
  })
  void parametersAreThePapers(String name, long millions, long millionsWithoutEmbedding) {
    ModelShape model = Recipes.recipe(name).model();
    long embedding = (long) model.vocabSize() * model.hiddenSize();

    assertThat(Math.round(model.parameters() / 1e6)).isEqualTo(millions);
    assertThat(Math.round((model.parameters() - embedding) / 1e6))
        .isEqualTo(millionsWithoutEmbedding);
  }

  @ParameterizedTest
  @CsvSource({"fullattn-mini", "moba-mini", "nsa-mini", "ssa-mini"})
  void miniaturesHaveTheEmbeddedModelsParameters(String name) {
    assertThat(Recipes.recipe(name).model().parameters()).isEqualTo(3_867_072);
  }

  /** Tokens over tokens of a step: 10^11 / (384 · 8,192) = 31,789.1, and 1 % of it is 317.9. */
  @ParameterizedTest
  @CsvSource({
    "ssa-1b, 3145728, 31789, 318",
    "moba-300m, 3145728, 15894, 159",
    "nsa-1b-32k, 3145728, 3178, 32",
    "ssa-mini, 262144, 1400, 28"
  })
  void stepsComeFromTokens(String name, long tokensPerStep, int steps, int warmup) {
    TrainSpec spec = Recipes.recipe(name);

    assertThat(spec.tokensPerStep()).isEqualTo(tokensPerStep);
    assertThat(spec.batch().steps()).isEqualTo(steps);
    assertThat(spec.schedule().warmupSteps()).isEqualTo(warmup);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyRecipeSurvivesBeingWrittenAndRead(String name) throws IOException {
    TrainSpec spec = Recipes.recipe(name);
    Path file = Files.writeString(folder.resolve("recipe.json"), TrainSpecFile.text(spec));

    assertThat(Recipes.recipe(file.toString())).isEqualTo(spec);
  }

  @ParameterizedTest
  @MethodSource("names")
  void runtimeReadsTheConfigOfEveryRecipe(String name) throws IOException {
    TrainSpec spec = Recipes.recipe(name);
    Path file =
        Files.writeString(folder.resolve("config.json"), ConfigJson.of(spec).toPrettyString());

    ModelConfig config = ModelConfig.read(file);

    assertThat(config.vocabulary()).isEqualTo(spec.model().vocabSize());
    assertThat(config.trainedTokens()).isEqualTo(spec.rows().tokens());
    assertThat(config.budget().window()).isEqualTo(spec.attention().window());
    assertThat(config.ropeScaling().text())
        .isEqualTo(name.endsWith("32k") ? "llama3:4" : "default");
    assertThat(config.sparseByDefault()).isEqualTo(!name.startsWith("fullattn"));
  }

  @Test
  void variantsOfASizeDifferInNothingElse() {
    TrainSpec ssa = Recipes.recipe("ssa-1b");
    TrainSpec full = Recipes.recipe("fullattn-1b");

    assertThat(full.model()).isEqualTo(ssa.model());
    assertThat(full.rows()).isEqualTo(ssa.rows());
    assertThat(full.batch()).isEqualTo(ssa.batch());
    assertThat(full.schedule()).isEqualTo(ssa.schedule());
    assertThat(full.optimizer()).isEqualTo(ssa.optimizer());
  }

  @Test
  void unknownNameListsTheRecipes() {
    assertThatThrownBy(() -> Recipes.recipe("ssa-9b"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("ssa-9b: no such file, and the recipes are fullattn-mini, ");
  }
}
