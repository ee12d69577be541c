package org.ssasuite.trainer.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ssasuite.core.attention.SelectionRule;

class AttentionBranchTest {
  @ParameterizedTest
  @EnumSource(
      value = SelectionRule.class,
      names = {"WINDOW", "RANDOM", "BEST"})
  void controlIsNotTrained(SelectionRule rule) {
    assertThatThrownBy(() -> new AttentionBranch.Selected(16, 4, rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no gradients through the blocks of");
  }

  @ParameterizedTest
  @EnumSource(
      value = SelectionRule.class,
      names = {"EXACT", "RELEASED"})
  void selectionIsTrained(SelectionRule rule) {
    assertThat(new AttentionBranch.Selected(16, 4, rule).rule()).isEqualTo(rule);
  }
}
