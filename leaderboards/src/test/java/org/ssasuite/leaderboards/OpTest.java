package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.npy.NpyArray;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.npy.NpyInts;
import org.ssasuite.runtime.npy.NpyLongs;

/** Cases whose result can be seen without a calculator. */
class OpTest {
  private static final int TOKENS = 20;

  @TempDir Path in;

  private Outcome attention(String mode, Path out) throws IOException {
    return attention(mode, 32, out);
  }

  private Outcome attention(String mode, int dim, Path out) throws IOException {
    return onOnes("attention", mode, "", dim, out);
  }

  private Outcome onOnes(String op, String mode, String more, Path out) throws IOException {
    return onOnes(op, mode, more, 32, out);
  }

  /** Queries of 0, so that every key weighs the same; keys and values of 1. */
  private Outcome onOnes(String op, String mode, String more, int dim, Path out)
      throws IOException {
    float[] ones = new float[TOKENS * 2 * dim];
    Arrays.fill(ones, 1);
    NpyFile.write(
        in.resolve("q.npy"), new NpyFloats(List.of(TOKENS, 4, dim), new float[TOKENS * 4 * dim]));
    NpyFile.write(in.resolve("k.npy"), new NpyFloats(List.of(TOKENS, 2, dim), ones));
    NpyFile.write(in.resolve("v.npy"), new NpyFloats(List.of(TOKENS, 2, dim), ones));
    Files.writeString(
        in.resolve("params.json"),
        "{\"mode\": \""
            + mode
            + "\", \"window\": 4, \"sequence_starts\": [0, 3, 3, 20]"
            + more
            + "}");
    return Terminal.type("op", op, "--in", in, "--out", out);
  }

  @Test
  void attentionOverEqualValuesIsThatValue() throws IOException {
    Path out = in.resolve("out");

    Outcome outcome = attention("full", out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    NpyArray result = NpyFile.read(out.resolve("out.npy"));
    assertThat(result.shape()).containsExactly(TOKENS, 4, 32);
    for (float value : ((NpyFloats) result).values()) {
      assertThat(value).isCloseTo(1, within(1e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 48, 80, 256})
  void headsAreThoseThatModelsMayHave(int dim) throws IOException {
    Path out = in.resolve("out");

    Outcome outcome = attention("sparse:8x2", dim, out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(NpyFile.read(out.resolve("out.npy")).shape()).containsExactly(TOKENS, 4, dim);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 24, 272})
  void otherHeadsAreRefusedWithThoseThatThereAre(int dim) throws IOException {
    Outcome outcome = attention("full", dim, in.resolve("out"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("q.npy: head dimension " + dim + "; there are kernels for multiples of 16");
  }

  @Test
  void statisticsOfEvenAttentionAreThoseOfItsLengths() throws IOException {
    Path out = in.resolve("out");

    Outcome outcome = onOnes("attention_statistics", "full", ", \"budgets\": [\"8x1\"]", out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    NpyFloats bits = (NpyFloats) NpyFile.read(out.resolve("entropy_bits.npy"));
    assertThat(bits.shape()).containsExactly(3, 4);
    float three = (float) ((1 + Math.log(3) / Math.log(2)) / 3);
    assertThat(bits.values()[0]).isCloseTo(three, within(1e-6f));
    assertThat(bits.values()[4]).as("of a sequence without queries").isNaN();
    NpyFloats captured = (NpyFloats) NpyFile.read(out.resolve("captured.npy"));
    assertThat(captured.shape()).containsExactly(3, 4, 1);
    double own = 0;
    for (int t = 0; t < 17; t++) {
      own += (t % 8 + 1.0) / (t + 1) / 17;
    }
    assertThat(captured.values()[8]).isCloseTo((float) own, within(1e-6f));
    assertThat(out.resolve("out.npy")).exists();
  }

  @Test
  void statisticsAreOfTheQueriesAskedFor() throws IOException {
    Path out = in.resolve("out");

    onOnes("attention_statistics", "sparse:8x1", ", \"queries\": [2, 3]", out);

    NpyFloats keys = (NpyFloats) NpyFile.read(out.resolve("effective_keys.npy"));
    assertThat(keys.values()[0]).isCloseTo(3, within(1e-6f));
  }

  @Test
  void budgetsOfASparseModeAreOneLine() throws IOException {
    Outcome outcome =
        onOnes("attention_statistics", "sparse:8x1", ", \"budgets\": [\"8x1\"]", in.resolve("out"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("params.json", "full mode only");
  }

  @Test
  void randomBlocksAreDrawnByTheStatedSeeds() throws IOException {
    Path out = in.resolve("out");

    Outcome outcome =
        onOnes(
            "attention", "random:8x2", ", \"layer\": 2, \"document_seeds\": [1, 2, -3]", 32, out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    int[] selected = ((NpyInts) NpyFile.read(out.resolve("selected.npy"))).values();
    assertThat(selected).hasSize(TOKENS * 2 * 2);
    assertThat(Arrays.copyOf(selected, 2)).containsExactly(0, -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"layer\": 0",
        ", \"layer\": 0, \"document_seeds\": [1, 2]",
        ", \"layer\": 0, \"document_seeds\": [1, 2, 0.5]",
        ", \"layer\": -1, \"document_seeds\": [1, 2, 3]",
        ", \"layer\": 0, \"document_seeds\": [1, 2, 18446744073709551615]"
      })
  void randomBlocksWithoutTheirSeedsAreOneLine(String more) throws IOException {
    Outcome outcome = onOnes("attention", "random:8x2", more, in.resolve("out"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("params.json", "random blocks need");
    assertThat(outcome.err().lines().count()).isEqualTo(1);
  }

  @Test
  void fullModeLeavesNoSelection() throws IOException {
    Path out = Files.createDirectories(in.resolve("out"));
    NpyFile.write(out.resolve("selected.npy"), new NpyInts(List.of(1), new int[1]));

    attention("full", out);

    assertThat(out.resolve("selected.npy")).doesNotExist();
  }

  @Test
  void selectionHasTheModesWidthAndEndsInMinusOnes() throws IOException {
    Path out = in.resolve("out");

    Outcome outcome = attention("sparse:8x4", out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    NpyArray selected = NpyFile.read(out.resolve("selected.npy"));
    assertThat(selected.shape()).containsExactly(TOKENS, 2, 4);
    int[] values = ((NpyInts) selected).values();
    assertThat(Arrays.copyOf(values, 4)).containsExactly(0, -1, -1, -1);
    int last = (TOKENS - 1) * 2 * 4;
    assertThat(Arrays.copyOfRange(values, last, last + 4)).containsExactly(0, 1, 2, -1);
  }

  @Test
  void nsaTakesItsOwnBudgetWhereNoneIsGiven() throws IOException {
    Path out = in.resolve("out");

    Outcome outcome = attention("nsa", out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(NpyFile.read(out.resolve("selected.npy")).shape()).containsExactly(TOKENS, 2, 16);
  }

  @Test
  void tokenLogProbOfEqualLogitsIsUniform() {
    NpyFile.write(in.resolve("hidden.npy"), new NpyFloats(List.of(2, 8), new float[16]));
    NpyFile.write(in.resolve("weight.npy"), new NpyFloats(List.of(5, 8), new float[40]));
    NpyFile.write(in.resolve("targets.npy"), new NpyLongs(List.of(2), new long[] {4, 0}));
    Path out = in.resolve("out");

    Outcome outcome = Terminal.type("op", "token_log_prob", "--in", in, "--out", out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    float[] logprob = ((NpyFloats) NpyFile.read(out.resolve("logprob.npy"))).values();
    assertThat(logprob[0]).isCloseTo((float) -Math.log(5), within(1e-6f));
    assertThat(((NpyInts) NpyFile.read(out.resolve("argmax.npy"))).values()).containsExactly(0, 0);
    assertThat(NpyFile.read(out.resolve("argmax_logprob.npy")).shape()).containsExactly(2);
  }
}
