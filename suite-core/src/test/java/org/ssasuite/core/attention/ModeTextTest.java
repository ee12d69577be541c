package org.ssasuite.core.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

class ModeTextTest {
  private static final ModelBudget NSA = new ModelBudget(Optional.empty(), OptionalInt.of(128));

  @ParameterizedTest
  @ValueSource(strings = {"window:16x4", "random:8x3", "best:128x1", "sparse:64x2", "released:8x8"})
  void textIsReadBackAsWritten(String text) {
    assertThat(AttentionMode.parse(text, ModelBudget.none()).text()).isEqualTo(text);
  }

  @Test
  void aControlAloneTakesTheBudgetOfTheModel() {
    ModelBudget model =
        new ModelBudget(Optional.of(new ModelBudget.Budget(16, 12)), OptionalInt.empty());

    assertThat(AttentionMode.parse("best", model).text()).isEqualTo("best:16x12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"window", "random", "best"})
  void controlWithoutABudgetIsRefused(String text) {
    assertThatThrownBy(() -> AttentionMode.parse(text, ModelBudget.none()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the model states no block budget: write " + text + ":SxK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"window:16x4", "random:16x4", "best:16x4"})
  void nsaModelHasNoControls(String text) {
    assertThatThrownBy(() -> AttentionMode.parse(text, NSA))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("an NSA model has its own mode only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"window:12x4", "random:0x4", "best:256x4"})
  void otherBlockSizesAreRefused(String text) {
    assertThatThrownBy(() -> AttentionMode.parse(text, ModelBudget.none()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("block size must be 8, 16, 32, 64 or 128 tokens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"window:16x0", "windows:16x4", "best:16", "random:16x-1"})
  void whatIsNoModeIsRefused(String text) {
    assertThatThrownBy(() -> AttentionMode.parse(text, ModelBudget.none()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("attention mode '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"spars,sparse", "sprase:16x4,sparse", "windows:16x4,window", "nsb:16x16,nsa"})
  void nearestKindIsProposed(String text, String meant) {
    assertThatThrownBy(() -> AttentionMode.parse(text, ModelBudget.none()))
        .hasMessageEndingWith("; did you mean " + meant + "?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"best:16", "xxxx:16x16", ""})
  void nothingIsProposedWhereTheKindIsKnownOrFar(String text) {
    assertThatThrownBy(() -> AttentionMode.parse(text, ModelBudget.none()))
        .hasMessageEndingWith("nsa[:SxK]");
  }
}
