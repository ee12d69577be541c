package org.ssasuite.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.operator.AttentionInputs;

/**
 * Every token of block b has the key (keys[b], 0, …) and every query is (√2, 0, …) with two
 * dimensions, so that a block's score is keys[b] itself.
 */
class BlockSelectionOracleTest {
  private static final AttentionMode TOP_3 = new BlockSparse(8, 3, SelectionRule.EXACT);

  @Test
  void choosesTheMostImportantBlocksAndTheOwnOne() {
    assertThat(lastTokenOf(TOP_3, 1, 5, 2, 4, 0).chosen()).containsExactly(1, 3, 4);
  }

  @Test
  void importanceIsTheSoftmaxOverCompleteBlocks() {
    float two = (float) Math.log(2);

    // exp: 1, 2, 1; the own block is complete at its last token and takes a quarter.
    assertThat(lastTokenOf(TOP_3, 0, two, 0).importances())
        .containsExactly(new double[] {0.25, 0.5}, within(1e-7));
  }

  @Test
  void ownBlockDoesNotCountBeforeItsLastToken() {
    Judge judge = token(TOP_3, 22, 0, 0, 9);

    assertThat(judge.importances()).containsExactly(0.5, 0.5);
  }

  @Test
  void tiesGoToTheLowerBlock() {
    assertThat(lastTokenOf(TOP_3, 1, 1, 1, 1).chosen()).containsExactly(0, 1, 3);
  }

  @Test
  void refusesTheLaterOfTwoBlocksWithTheSameKeys() {
    assertThat(lastTokenOf(TOP_3, 1, 1, 1, 1).explain(0, 2, 3))
        .get()
        .asString()
        .contains("same keys");
  }

  @Test
  void acceptsEitherOfTwoBlocksThatAreNearlyEquallyImportant() {
    Judge judge = lastTokenOf(new BlockSparse(8, 2, SelectionRule.EXACT), 1, 1.000001f, 0);

    assertThat(judge.explain(0, 2)).isEmpty();
    assertThat(judge.explain(1, 2)).isEmpty();
  }

  @Test
  void refusesALessImportantBlock() {
    assertThat(lastTokenOf(TOP_3, 1, 5, 2, 4, 0).explain(1, 2, 4))
        .get()
        .asString()
        .contains("block 2 of importance");
  }

  @Test
  void refusesAChoiceWithoutTheOwnBlock() {
    assertThat(lastTokenOf(TOP_3, 1, 5, 2, 4, 0).explain(1, 2, 3))
        .get()
        .asString()
        .contains("own block is missing");
  }

  @Test
  void refusesTooFewBlocks() {
    assertThat(lastTokenOf(TOP_3, 1, 5, 2, 4, 0).explain(1, 4))
        .get()
        .asString()
        .contains("1 of the blocks 0 to 3 are chosen instead of 2");
  }

  @Test
  void refusesBlocksOutOfOrder() {
    assertThat(lastTokenOf(TOP_3, 1, 5, 2, 4, 0).explain(3, 1, 4))
        .get()
        .asString()
        .contains("does not ascend");
  }

  @Test
  void refusesFutureBlocks() {
    assertThat(token(TOP_3, 15, 1, 5, 2).explain(0, 1, 2)).get().asString().contains("not exist");
  }

  @Test
  void choosesAllBlocksWhileTheyAreFew() {
    assertThat(token(TOP_3, 15, 1, 5, 2).chosen()).containsExactly(0, 1);
  }

  @Test
  void negligibleBlocksAreAlike() {
    // exp(−100) and exp(−200) are both nothing in fp32; block 1 must be in all the same.
    Judge judge = lastTokenOf(TOP_3, -100, 0, -200, 0);

    assertThat(judge.explain(0, 1, 3)).isEmpty();
    assertThat(judge.explain(1, 2, 3)).isEmpty();
    assertThat(judge.explain(0, 2, 3)).isPresent();
  }

  @Test
  void anyBlockWillDoWhereImportanceIsNotANumber() {
    Judge judge = lastTokenOf(TOP_3, 1, Float.NaN, 2, 3);

    assertThat(judge.explain(0, 1, 3)).isEmpty();
    assertThat(judge.explain(1, 2, 3)).isEmpty();
    assertThat(judge.explain(1, 3)).isPresent();
  }

  @Test
  void releasedRuleHoldsHalfForEarlierChunksAndHalfForTheOwnOne() {
    // 14 blocks of 8: chunk 0 is blocks 0 to 7, the own block 13 is in chunk 1.
    Judge judge =
        lastTokenOf(
            new BlockSparse(8, 8, SelectionRule.RELEASED),
            9,
            8,
            7,
            6,
            5,
            4,
            3,
            2,
            19,
            18,
            17,
            16,
            15,
            0);

    assertThat(judge.chosen()).containsExactly(0, 1, 2, 3, 8, 9, 10, 13);
    assertThat(judge.explain(0, 1, 2, 3, 8, 9, 10, 13)).isEmpty();
    assertThat(judge.explain(0, 1, 2, 8, 9, 10, 11, 13)).isPresent();
  }

  @Test
  void releasedRuleLeavesTheOwnChunksQuotaUnfilled() {
    Judge judge =
        lastTokenOf(new BlockSparse(8, 8, SelectionRule.RELEASED), 9, 8, 7, 6, 5, 4, 3, 2, 0, 0);

    assertThat(judge.chosen()).containsExactly(0, 1, 2, 3, 8, 9);
  }

  @Test
  void releasedRuleWithASmallCountIsExact() {
    Judge judge =
        lastTokenOf(new BlockSparse(8, 4, SelectionRule.RELEASED), 1, 9, 8, 2, 3, 4, 7, 5, 6, 0);

    assertThat(judge.chosen()).containsExactly(1, 2, 6, 9);
  }

  @Test
  void threeBranchModeChoosesExactly() {
    assertThat(lastTokenOf(new ThreeBranch(8, 3, 4), 1, 5, 2, 4, 0).chosen())
        .containsExactly(1, 3, 4);
  }

  @Test
  void fullModeHasNoBlocks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockSelectionOracle(inputs(new Full(), 1)))
        .withMessageContaining("mode full");
  }

  /** The choice for one token. */
  private record Judge(BlockSelectionOracle oracle, int token) {
    int[] chosen() {
      return oracle.chosen(token, 0);
    }

    double[] importances() {
      return oracle.importances(token, 0);
    }

    Optional<String> explain(int... chosen) {
      return oracle.explain(token, 0, chosen);
    }
  }

  private static Judge lastTokenOf(AttentionMode mode, float... keys) {
    return token(mode, keys.length * 8 - 1, keys);
  }

  private static Judge token(AttentionMode mode, int token, float... keys) {
    return new Judge(new BlockSelectionOracle(inputs(mode, keys)), token);
  }

  private static AttentionInputs inputs(AttentionMode mode, float... keys) {
    int tokens = keys.length * 8;
    float[] q = new float[tokens * 2];
    float[] k = new float[tokens * 2];
    for (int t = 0; t < tokens; t++) {
      q[2 * t] = (float) Math.sqrt(2);
      k[2 * t] = keys[t / 8];
    }
    float[] v = new float[tokens * 2];
    Arrays.fill(v, 1);
    return new AttentionInputs(
        tokens, 1, 1, 2, q, k, v, Optional.empty(), Optional.empty(), new int[] {0, tokens}, mode);
  }
}
