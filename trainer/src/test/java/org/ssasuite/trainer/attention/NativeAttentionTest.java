package org.ssasuite.trainer.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.files.Availability;
import org.ssasuite.core.files.PackedLibrary;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.AttentionBranch.Compressed;
import org.ssasuite.trainer.attention.AttentionBranch.Full;
import org.ssasuite.trainer.attention.AttentionBranch.Selected;
import org.ssasuite.trainer.attention.AttentionBranch.Window;

class NativeAttentionTest {
  /** fp32: sums of some hundred terms of size 1, rounded by 6e-8 each. */
  private static final double TOLERANCE = 1e-5;

  private static final AttentionBranch SPARSE = new Selected(16, 4, SelectionRule.EXACT);

  static Stream<AttentionBranch> branches() {
    return Stream.of(
        new Full(),
        SPARSE,
        new Selected(8, 3, SelectionRule.EXACT),
        new Selected(8, 8, SelectionRule.RELEASED),
        new Selected(64, 2, SelectionRule.EXACT),
        new Selected(128, 2, SelectionRule.EXACT),
        new Compressed(8),
        new Compressed(32),
        new Window(1),
        new Window(50));
  }

  /** Regular, irregular, degenerate. */
  private static List<Case> cases(AttentionBranch branch) {
    return List.of(
        new Case(branch, 16, 1, 32, 0, 128),
        new Case(branch, 4, 2, 64, 0, 77, 77, 77, 90),
        new Case(branch, 1, 1, 128, 0, 1),
        new Case(branch, 1, 2, 32, 0, 0, 5, 171, 171),
        new Case(branch, 3, 1, 64, 0, 16, 17),
        new Case(branch, 2, 1, 32, 0, 299));
  }

  private static List<AttentionKernels> kernels() {
    List<AttentionKernels> all = new ArrayList<>();
    for (Isa isa : List.of(Isa.SCALAR, Isa.AVX2, Isa.AVX512)) {
      if (NativeCalls.hasIsa(isa.text())) {
        all.add(new NativeAttention(isa, 2));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("branches")
  void forwardAndGradientsAreThoseOfTheDenseFormula(AttentionBranch branch) {
    for (Case c : cases(branch)) {
      DenseAttention dense = new DenseAttention(c, c.q(), c.k(), c.v());
      Autograd wanted = Autograd.of(c, dense);
      for (AttentionKernels kernels : kernels()) {
        Computed computed = Computed.of(kernels, c);
        assertClose("out of " + c, computed.out, dense.out());
        assertClose("logSumExp of " + c, computed.logSumExp, dense.logSumExp());
        assertClose("dq of " + c, computed.dq, wanted.dq);
        assertClose("dk of " + c, computed.dk, wanted.dk);
        assertClose("dv of " + c, computed.dv, wanted.dv);
      }
    }
  }

  static Stream<Selected> selections() {
    return branches().filter(Selected.class::isInstance).map(Selected.class::cast);
  }

  @ParameterizedTest
  @MethodSource("selections")
  void selectedBlocksAreTheMostImportant(Selected selected) {
    Case c = new Case(selected, 4, 2, 32, 0, 40, 40, 640);
    DenseAttention dense = new DenseAttention(c, c.q(), c.k(), c.v());
    int[] wanted = new int[c.tokens() * c.kvHeads() * selected.blockCount()];
    Arrays.fill(wanted, -1);
    for (int row = 0; row < c.tokens() * c.kvHeads(); row++) {
      int at = row * selected.blockCount();
      for (int b : dense.chosen(row / c.kvHeads(), row % c.kvHeads())) {
        wanted[at++] = b;
      }
    }
    assertThat(Computed.of(new NativeAttention(), c).selected).isEqualTo(wanted);
  }

  @Test
  void equallyImportantBlocksGoToTheLower() {
    Case c = new Case(SPARSE, 2, 1, 32, 0, 160);
    Computed computed = Computed.of(new NativeAttention(), c, new float[c.q().length], c.k());
    assertThat(Arrays.copyOfRange(computed.selected, 159 * 4, 160 * 4)).containsExactly(0, 1, 2, 9);
  }

  @ParameterizedTest
  @MethodSource("branches")
  void bitsDoNotDependOnThreads(AttentionBranch branch) {
    // Long enough for several stretches of readers per block.
    Case c = new Case(branch, 2, 1, 32, 0, 300, 3000);
    for (Isa isa : List.of(Isa.SCALAR, Isa.AUTO)) {
      Computed one = Computed.of(new NativeAttention(isa, 1), c);
      for (int threads : new int[] {2, 3}) {
        assertThat(Computed.of(new NativeAttention(isa, threads), c).hasBitsOf(one)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("branches")
  void aSequenceGivesTheBitsThatItGivesAlone(AttentionBranch branch) {
    Case together = new Case(branch, 2, 1, 32, 0, 133, 200);
    Case alone = new Case(branch, 2, 1, 32, 0, 133);
    Computed ofBoth = Computed.of(new NativeAttention(), together);
    Computed ofOne = Computed.of(new NativeAttention(), alone);
    assertThat(Arrays.copyOf(ofBoth.out, ofOne.out.length)).isEqualTo(ofOne.out);
    assertThat(Arrays.copyOf(ofBoth.dq, ofOne.dq.length)).isEqualTo(ofOne.dq);
    assertThat(Arrays.copyOf(ofBoth.dk, ofOne.dk.length)).isEqualTo(ofOne.dk);
  }

  @Test
  void aTokenWithoutACompleteBlockGetsNothingFromTheCompressedBranch() {
    Case c = new Case(new Compressed(16), 2, 1, 32, 0, 15);
    Computed computed = Computed.of(new NativeAttention(), c);
    assertThat(computed.out).containsOnly(0);
    assertThat(computed.logSumExp).containsOnly(Float.NEGATIVE_INFINITY);
    assertThat(computed.dk).containsOnly(0);
    assertThat(computed.dv).containsOnly(0);
  }

  @Test
  void noTokensGiveNothing() {
    assertThat(Computed.of(new NativeAttention(), new Case(new Full(), 1, 1, 32, 0)).out).isEmpty();
  }

  @Test
  void refusesWhatItDoesNotTake() {
    assertRefused("head dimension 48; 32, 64 or 128", 4, 2, 1, 48);
    assertRefused("3 query heads for 2 KV heads; a multiple", 4, 3, 2, 32);
    assertRefused("sequence starts do not ascend from 0 to 5", 5, 2, 1, 32);
  }

  @Test
  @SuppressWarnings("try") // the scope frees what is made within it
  void refusesElementTypesThatTheProcessorHasNoKernelsFor() {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = Tensor.create(new float[4 * 32], 4, 1, 32);
      Tensor narrow = x.to(ScalarType.BFloat16);
      Tensor wide = x.to(ScalarType.Double);
      NativeAttention kernels = new NativeAttention();
      assertThatThrownBy(
              () -> kernels.forward(new Full(), narrow, narrow, narrow, new int[] {0, 4}))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("bfloat16 on the CPU; float32");
      assertThatThrownBy(() -> kernels.forward(new Full(), wide, wide, wide, new int[] {0, 4}))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("Double");
    }
  }

  @Test
  void aMissingLibraryIsAValueWithItsCause() {
    Availability<TrainerLibrary> missing =
        TrainerLibrary.load(new PackedLibrary("/natives/none/libnone.so"));
    assertThat(missing).isInstanceOf(Availability.Absent.class);
    assertThatThrownBy(missing::require)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no /natives/none/libnone.so on the class path");
  }

  @SuppressWarnings("try") // the scope frees what is made within it
  private static void assertRefused(String fact, long tokens, long hq, long h, long dim) {
    try (PointerScope scope = new PointerScope()) {
      Tensor q = Tensor.create(new float[(int) (tokens * hq * dim)], tokens, hq, dim);
      Tensor k = Tensor.create(new float[(int) (tokens * h * dim)], tokens, h, dim);
      assertThatThrownBy(() -> new NativeAttention().forward(new Full(), q, k, k, new int[] {0, 4}))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(fact);
    }
  }

  /** Positions of infinities first, then the error, absolute or relative. */
  private static void assertClose(String what, float[] computed, double[] wanted) {
    assertThat(computed).as(what).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      boolean close =
          Double.isInfinite(wanted[i])
              ? computed[i] == wanted[i]
              : Math.abs(computed[i] - wanted[i]) <= TOLERANCE * (1 + Math.abs(wanted[i]));
      if (!close) {
        fail("%s at %d: %s, not %s", what, i, computed[i], wanted[i]);
      }
    }
  }
}
