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
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.core.testing.GpuTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
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

  private static final RuntimeOptions CPU = RuntimeOptions.cpu(2);

  /** A side and its mode. */
  record Read(Lockstep.Side side, AttentionMode mode) {
    Read(Checkpoint checkpoint, String mode, RuntimeOptions options) {
      this(
          new Lockstep.Side(checkpoint, Optional.empty(), options),
          AttentionMode.parse(mode, checkpoint.budget()));
    }
  }

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

    Read on(String side, Checkpoint checkpoint) {
      return new Read(checkpoint, json.required("mode_" + side).asText(), CPU);
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

  static List<Vector> layerVectors() {
    return Golden.vectors("divergence-layers.jsonl.xz").stream().map(Vector::new).toList();
  }

  @ParameterizedTest
  @MethodSource("layerVectors")
  void layersAgreeWithDenseFormulas(Vector vector, @TempDir Path folder) {
    Checkpoint model = vector.checkpoint("a", folder);
    JsonNode json = vector.json();
    int[] ids = ids(json.required("seed_a").longValue(), json.required("tokens").intValue(), model);

    List<double[]> rows = read(vector.on("a", model), vector.on("b", model), ids, 64, true);

    for (int i = 0; i < rows.size(); i++) {
      double[] row = rows.get(i);
      for (int column = 0; column < row.length; column++) {
        JsonNode expected =
            column < 6
                ? json.required("rows").get(i).get(column)
                : json.required("apart").get(column - 6).get(i);
        assertThat(row[column])
            .as("position %d, column %d", i, column)
            .isCloseTo(expected.doubleValue(), within(TOLERANCE));
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
  private static List<double[]> read(Read a, Read b, int[] ids, int chunk) {
    return read(a, b, ids, chunk, false);
  }

  /** Behind them, where layers are compared, a column for each. */
  private static List<double[]> read(Read a, Read b, int[] ids, int chunk, boolean layers) {
    List<double[]> rows = new ArrayList<>();
    try (Lockstep lockstep = Lockstep.open(a.side(), b.side(), layers)) {
      lockstep.read(
          ids,
          a.mode(),
          b.mode(),
          chunk,
          stretch -> {
            assertThat(stretch.position()).isEqualTo(rows.size());
            for (int row = 0; row < stretch.outputs().rows(); row++) {
              rows.add(figures(stretch, row));
            }
          });
    }
    return rows;
  }

  private static double[] figures(Lockstep.Stretch stretch, int row) {
    TokenDivergenceOutputs of = stretch.outputs();
    return DoubleStream.concat(
            DoubleStream.of(
                of.kl(row),
                of.klReverse(row),
                of.sameTop(row) ? 1 : 0,
                of.topTen(row),
                of.logprobA(row),
                of.logprobB(row)),
            stretch.layers().stream().mapToDouble(layer -> layer[row]))
        .toArray();
  }

  private static Read miniature(String mode) {
    return new Read(MINIATURE, mode, CPU);
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
  void layersOfAModeAndItselfAreNotApart() {
    int[] ids = ids(6, 300, MINIATURE);

    List<double[]> rows =
        read(miniature("sparse:16x2"), miniature("sparse:16x2"), ids, 4_096, true);

    int layers = MINIATURE.config().layers();
    assertThat(rows)
        .allSatisfy(row -> assertThat(Arrays.copyOfRange(row, 6, row.length)).hasSize(layers))
        .allSatisfy(row -> assertThat(Arrays.copyOfRange(row, 6, row.length)).containsOnly(0));
  }

  static RuntimeOptions cuda(Precision precision) {
    return new RuntimeOptions(2, Device.CUDA, precision, Isa.AUTO);
  }

  @GpuParameterizedTest
  @MethodSource({"vectors", "layerVectors"})
  void agreesWithDenseFormulasOnCuda(Vector vector, @TempDir Path folder) {
    JsonNode json = vector.json();
    Checkpoint a = vector.checkpoint("a", folder);
    Checkpoint b = vector.oneModel() ? a : vector.checkpoint("b", folder);
    int[] ids = ids(json.required("seed_a").longValue(), json.required("tokens").intValue(), a);
    RuntimeOptions cuda = cuda(Precision.FP32);
    boolean layers = json.has("apart");

    List<double[]> rows =
        read(
            new Read(a, json.required("mode_a").asText(), cuda),
            new Read(b, json.required("mode_b").asText(), cuda),
            ids,
            77,
            layers);

    for (int i = 0; i < rows.size(); i++) {
      double[] row = rows.get(i);
      for (int column = 0; column < row.length; column++) {
        JsonNode expected =
            column < 6
                ? json.required("rows").get(i).get(column)
                : json.required("apart").get(column - 6).get(i);
        assertThat(row[column]).isCloseTo(expected.doubleValue(), within(TOLERANCE));
      }
    }
  }

  @GpuParameterizedTest
  @EnumSource(Precision.class)
  void aModeAndItselfAreNotApartByABitOnCuda(Precision precision) {
    Read mode = new Read(MINIATURE, "sparse:16x4", cuda(precision));

    List<double[]> rows = read(mode, mode, ids(3, 5_000, MINIATURE), 4_096, true);

    assertThat(rows)
        .allSatisfy(row -> assertThat(row).startsWith(0, 0, 1))
        .allSatisfy(row -> assertThat(Arrays.copyOfRange(row, 6, row.length)).containsOnly(0));
  }

  @GpuTest
  void theCpuAndCudaInFp32AreTheSameModelAndCudaInBf16IsNear() {
    int[] ids = ids(8, 1_500, MINIATURE);
    Read cpu = new Read(MINIATURE, "full", CPU);
    Read wide = new Read(MINIATURE, "full", cuda(Precision.FP32));
    Read narrow = new Read(MINIATURE, "full", cuda(Precision.BF16));

    assertThat(read(cpu, wide, ids, 4_096))
        .allSatisfy(row -> assertThat(row[0]).isBetween(-1e-9, 1e-5));
    List<double[]> rounded = read(wide, narrow, ids, 4_096);
    assertThat(rounded.stream().mapToDouble(row -> row[0]).average().orElseThrow())
        .isBetween(1e-9, 1e-2);
  }

  @Test
  void comparingLayersChangesNoBitOfPredictions() {
    int[] ids = ids(7, 700, MINIATURE);

    List<double[]> without = read(miniature("full"), miniature("sparse:16x2"), ids, 4_096);
    List<double[]> with = read(miniature("full"), miniature("sparse:16x2"), ids, 4_096, true);

    for (int i = 0; i < without.size(); i++) {
      assertThat(Arrays.copyOf(with.get(i), 6)).isEqualTo(without.get(i));
    }
  }

  @Test
  void layersThatDoNotCorrespondAreRefused(@TempDir Path folder) {
    Vector vector =
        vectors().stream().filter(v -> v.toString().equals("two-models")).findFirst().orElseThrow();
    Checkpoint a = vector.checkpoint("a", folder);
    Checkpoint b = vector.checkpoint("b", folder);

    assertThatThrownBy(() -> Lockstep.requireComparable(a, b, true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has 1 layers of width 96, a has 2 of 64");
  }

  @Test
  void vocabulariesOfDifferentSizesAreRefused(@TempDir Path folder) {
    Vector vector = vectors().get(0);
    Checkpoint small = vector.checkpoint("a", folder);

    assertThatThrownBy(
            () -> Lockstep.open(miniature("full").side(), vector.on("a", small).side(), false))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("128 ids, ssa-mini has");
  }
}
