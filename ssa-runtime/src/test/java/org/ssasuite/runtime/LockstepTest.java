package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;
import org.ssasuite.runtime.random.RandomCheckpoint;
import org.ssasuite.runtime.random.RandomStreams;

/** Two models or modes on the same tokens. */
class LockstepTest {
  /** fp32 through two layers against fp64. */
  private static final double TOLERANCE = 1e-4;

  private static final Checkpoint MINIATURE =
      Checkpoint.open(Path.of(System.getProperty("ssa.root"), "models", "ssa-mini"));

  static List<Vector> vectors() {
    return Golden.vectors("divergence.jsonl.xz").stream().map(Vector::new).toList();
  }

  /** Named, so that a failure says which case it is. */
  record Vector(JsonNode json) {
    @Override
    public String toString() {
      return json.required("name").asText();
    }

    Checkpoint checkpoint(String side, Path folder) {
      long seed = json.required("seed_" + side).longValue();
      RandomCheckpoint.write(json.required("config_" + side), seed, folder.resolve(side));
      return Checkpoint.open(folder.resolve(side));
    }

    Lockstep.Side on(String side, Checkpoint checkpoint) {
      String mode = json.required("mode_" + side).asText();
      return new Lockstep.Side(
          checkpoint, AttentionMode.parse(mode, checkpoint.budget()), Optional.empty());
    }

    boolean oneModel() {
      return json.required("config_a").equals(json.required("config_b"))
          && json.required("seed_a").equals(json.required("seed_b"));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agreesWithDenseFormulas(Vector vector, @TempDir Path folder) {
    Checkpoint a = vector.checkpoint("a", folder);
    Checkpoint b = vector.oneModel() ? a : vector.checkpoint("b", folder);
    JsonNode json = vector.json();
    int[] ids = ids(json.required("seed_a").longValue(), json.required("tokens").intValue(), a);

    List<double[]> rows = read(vector.on("a", a), vector.on("b", b), ids, 77);

    assertThat(rows).hasSize(json.required("rows").size());
    for (int i = 0; i < rows.size(); i++) {
      for (int column = 0; column < rows.get(i).length; column++) {
        assertThat(rows.get(i)[column])
            .as("position %d, column %d", i, column)
            .isCloseTo(json.required("rows").get(i).get(column).doubleValue(), within(TOLERANCE));
      }
    }
  }

  private static int[] ids(long seed, int tokens, Checkpoint checkpoint) {
    RandomStreams.Stream stream = new RandomStreams(seed).named("tokens");
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = (int) Long.remainderUnsigned(stream.bits(i), checkpoint.config().vocabulary());
    }
    return ids;
  }

  /** By position: KL, its reverse, same top, ten best, log p in A and in B. */
  private static List<double[]> read(Lockstep.Side a, Lockstep.Side b, int[] ids, int chunk) {
    List<double[]> rows = new ArrayList<>();
    try (Lockstep lockstep = Lockstep.open(a, b, RuntimeOptions.cpu(2))) {
      lockstep.read(
          ids,
          chunk,
          (position, outputs) -> {
            assertThat(position).isEqualTo(rows.size());
            for (int row = 0; row < outputs.rows(); row++) {
              rows.add(figures(outputs, row));
            }
          });
    }
    return rows;
  }

  private static double[] figures(TokenDivergenceOutputs of, int row) {
    return new double[] {
      of.kl(row),
      of.klReverse(row),
      of.sameTop(row) ? 1 : 0,
      of.topTen(row),
      of.logprobA(row),
      of.logprobB(row)
    };
  }

  private static Lockstep.Side miniature(String mode) {
    return new Lockstep.Side(
        MINIATURE, AttentionMode.parse(mode, MINIATURE.budget()), Optional.empty());
  }

  @Test
  void aModeAndItselfAreNotApartByABit() {
    List<double[]> rows =
        read(miniature("sparse:16x4"), miniature("sparse:16x4"), ids(3, 400, MINIATURE), 150);

    assertThat(rows).allSatisfy(row -> assertThat(row).startsWith(0, 0, 1));
  }

  @Test
  void aBudgetOfAllBlocksIsFullAttention() {
    List<double[]> rows =
        read(miniature("sparse:16x25"), miniature("full"), ids(4, 400, MINIATURE), 400);

    assertThat(rows).allSatisfy(row -> assertThat(row[0]).isBetween(-1e-9, 1e-5));
  }

  @Test
  void chunksChangeNoBit() {
    int[] ids = ids(5, 333, MINIATURE);

    double[][] whole =
        read(miniature("full"), miniature("sparse:16x4"), ids, 1_000).toArray(double[][]::new);
    double[][] cut =
        read(miniature("full"), miniature("sparse:16x4"), ids, 50).toArray(double[][]::new);

    assertThat(Arrays.deepEquals(cut, whole)).isTrue();
  }

  @Test
  void vocabulariesOfDifferentSizesAreRefused(@TempDir Path folder) {
    Vector vector = vectors().get(0);
    Checkpoint small = vector.checkpoint("a", folder);

    assertThatThrownBy(
            () -> Lockstep.open(miniature("full"), vector.on("a", small), RuntimeOptions.cpu(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("128 ids, ssa-mini has");
  }
}
