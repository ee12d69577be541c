package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.observation.StatisticsWatch;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;

/** Observing changes no bit of a score; chunks and threads change none of the statistics. */
class ObservedPassTest {
  private static final int TOKENS = 300;
  private static final QueryRange ALL = new QueryRange(0, TOKENS);
  private static final int[] LONG = new Random(2).ints(1100, 0, 63).toArray();
  private static final QueryRange SOME = new QueryRange(37, 290);

  @TempDir Path folder;

  private static Stream<Arguments> onCuda() {
    return Stream.of("full", "sparse:8x3", "released:8x8", "nsa:8x3")
        .flatMap(mode -> Stream.of(Precision.values()).map(p -> Arguments.of(mode, p)));
  }

  private static RuntimeOptions cuda(Precision precision) {
    return new RuntimeOptions(1, Device.CUDA, precision, Isa.AUTO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "released:8x8", "nsa:8x3"})
  void observingChangesNoBitOfAScore(String text) {
    assertObservingChangesNoBitOfAScore(text, RuntimeOptions.cpu(2));
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void observingChangesNoBitOfAScoreOnCuda(String text, Precision precision) {
    assertObservingChangesNoBitOfAScore(text, cuda(precision));
  }

  private void assertObservingChangesNoBitOfAScore(String text, RuntimeOptions options) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    float[] plain;
    try (SsaModel model = SsaModel.load(checkpoint, options, Optional.empty(), scheduling(100))) {
      plain = model.logProbabilities(ids(), mode).logProbability();
    }

    try (SsaModel model = SsaModel.load(checkpoint, options, Optional.empty(), scheduling(100))) {
      StatisticsWatch watch = watch(model, mode, ALL);
      assertThat(model.run(List.of(rating(ids(), watch)), mode).get(0).logProbability())
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "nsa:8x3"})
  void chunksAndThreadsChangeNoBitOfTheStatistics(String text) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    List<double[]> whole;
    try (SsaModel model = load(checkpoint, 1, TOKENS)) {
      whole = sums(model.statistics(ids(), mode, asked(mode), SOME));
    }

    for (int chunk : new int[] {1, 7, 64, 100}) {
      try (SsaModel model = load(checkpoint, 2, chunk)) {
        assertThat(sums(model.statistics(ids(), mode, asked(mode), SOME)))
            .as("chunks of %s", chunk)
            .usingRecursiveComparison()
            .isEqualTo(whole);
      }
    }
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void chunksChangeNoBitOfTheStatisticsOnCuda(String text, Precision precision) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    List<double[]> whole;
    try (SsaModel model =
        SsaModel.load(checkpoint, cuda(precision), Optional.empty(), scheduling(TOKENS))) {
      whole = sums(model.statistics(ids(), mode, asked(mode), SOME));
    }

    for (int chunk : new int[] {1, 7, 64, 100}) {
      try (SsaModel model =
          SsaModel.load(checkpoint, cuda(precision), Optional.empty(), scheduling(chunk))) {
        assertThat(sums(model.statistics(ids(), mode, asked(mode), SOME)))
            .as("chunks of %s", chunk)
            .usingRecursiveComparison()
            .isEqualTo(whole);
      }
    }
  }

  /** What is chosen may differ where blocks are as good as tied: here none are. */
  @GpuParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "nsa:8x3"})
  void statisticsOnCudaAreThoseOfTheCpu(String text) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    List<double[]> onCpu;
    try (SsaModel model = load(checkpoint, 2, 64)) {
      onCpu = sums(model.statistics(ids(), mode, asked(mode), SOME));
    }
    try (SsaModel model =
        SsaModel.load(checkpoint, cuda(Precision.FP32), Optional.empty(), scheduling(64))) {
      List<double[]> onCuda = sums(model.statistics(ids(), mode, asked(mode), SOME));
      for (int layer = 0; layer < onCpu.size(); layer++) {
        assertThat(onCuda.get(layer))
            .usingComparatorWithPrecision(1e-4 * SOME.queries())
            .containsExactly(onCpu.get(layer));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "nsa:8x3"})
  void neighboursChangeNoBitOfTheStatistics(String text) {
    assertNeighboursChangeNoBitOfTheStatistics(text, RuntimeOptions.cpu(2));
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void neighboursChangeNoBitOfTheStatisticsOnCuda(String text, Precision precision) {
    assertNeighboursChangeNoBitOfTheStatistics(text, cuda(precision));
  }

  private void assertNeighboursChangeNoBitOfTheStatistics(String text, RuntimeOptions options) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    try (SsaModel model = SsaModel.load(checkpoint, options, Optional.empty(), scheduling(70))) {
      List<StatisticsWatch> together = new ArrayList<>();
      List<Pass> passes = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        together.add(watch(model, mode, range(i)));
        passes.add(rating(some(i), together.get(i)));
        passes.add(Pass.ratingLast(some(i + 7), new int[] {1}));
      }
      passes.add(Pass.ratingLast(LONG, new int[] {1}));
      StatisticsWatch beyond = watch(model, mode, new QueryRange(900, 1099));
      passes.add(rating(LONG, beyond));
      model.run(passes, mode);

      for (int i = 0; i < 5; i++) {
        assertThat(sums(together.get(i).statistics(some(i).length, false)))
            .as("sequence %s", i)
            .usingRecursiveComparison()
            .isEqualTo(sums(model.statistics(some(i), mode, asked(mode), range(i))));
      }
      assertThat(beyond.statistics(LONG.length, false).buckets()).hasSize(2);
    }
  }

  private static int[] some(int i) {
    return Arrays.copyOfRange(LONG, 13 * i, 13 * i + 120 + 31 * i);
  }

  private static QueryRange range(int i) {
    return new QueryRange(10 * i, 119 + 30 * i);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "nsa:8x3"})
  void stepsOfAGenerationAddWhatOnePassAdds(String text) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    try (SsaModel model = load(checkpoint, 2, 64)) {
      QueryRange asked = new QueryRange(TOKENS - 1, TOKENS + 30);
      StatisticsWatch watch = watch(model, mode, asked);
      GreedyDecoder.Job job = new GreedyDecoder.Job(ids(), 20, List.of(), List.of(watch));
      int[] written = model.decoder(mode).run(List.of(job)).get(0).ids();
      int[] all = Arrays.copyOf(ids(), TOKENS + written.length - 1);
      System.arraycopy(written, 0, all, TOKENS, written.length - 1);

      TextStatistics steps = watch.statistics(all.length, false);

      assertThat(steps.queries()).isEqualTo(new QueryRange(TOKENS - 1, all.length));
      assertThat(sums(steps))
          .usingRecursiveComparison()
          .isEqualTo(sums(model.statistics(all, mode, asked(mode), steps.queries())));
    }
  }

  private static StatisticsWatch watch(SsaModel model, AttentionMode mode, QueryRange queries) {
    StatisticColumns columns = new StatisticColumns(asked(mode), mode);
    return new StatisticsWatch(model.checkpoint().config(), columns, queries);
  }

  /** Rates every id but the first. */
  private static Pass rating(int[] ids, StatisticsWatch watch) {
    int[] targets = Arrays.copyOfRange(ids, 1, ids.length);
    return Pass.ratingLast(Arrays.copyOf(ids, ids.length - 1), targets).watchedBy(List.of(watch));
  }

  @Test
  void whatFollowsTheLastQueryChangesNothing() {
    Checkpoint checkpoint = checkpoint("full");
    AttentionMode mode = new Full();
    int[] longer = Arrays.copyOf(ids(), TOKENS + 50);

    try (SsaModel model = load(checkpoint, 2, 64)) {
      assertThat(sums(model.statistics(longer, mode, asked(mode), SOME)))
          .usingRecursiveComparison()
          .isEqualTo(sums(model.statistics(ids(), mode, asked(mode), SOME)));
    }
  }

  @Test
  void refusesQueriesBehindTheText() {
    try (SsaModel model = load(checkpoint("full"), 1, 64)) {
      assertThatThrownBy(
              () ->
                  model.statistics(
                      ids(), new Full(), asked(new Full()), new QueryRange(10, TOKENS + 1)))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("300 tokens");
    }
  }

  private Checkpoint checkpoint(String mode) {
    return Checkpoint.open(
        mode.startsWith("nsa")
            ? TinyCheckpoint.write(
                    folder.resolve("nsa"), TinyCheckpoint.config().put("window_size", 24))
                .folder()
            : TinyCheckpoint.write(folder.resolve("plain")).folder());
  }

  private static SsaModel load(Checkpoint checkpoint, int threads, int chunk) {
    return SsaModel.load(
        checkpoint, RuntimeOptions.cpu(threads), Optional.empty(), scheduling(chunk));
  }

  private static Scheduling scheduling(int chunk) {
    return new Scheduling(chunk, true);
  }

  private static StatisticsRequest asked(AttentionMode mode) {
    return mode instanceof Full
        ? StatisticsRequest.everything(List.of(new BlockBudget(8, 3), new BlockBudget(32, 2)))
        : StatisticsRequest.sinks();
  }

  private static List<double[]> sums(TextStatistics statistics) {
    return statistics.layers().stream().map(ObservedPassTest::numbers).toList();
  }

  private static double[] numbers(HeadStatistics layer) {
    double[] numbers = Arrays.copyOf(layer.sums(), layer.sums().length + 2);
    numbers[numbers.length - 2] = layer.residual().largest();
    numbers[numbers.length - 1] = layer.residual().meanMedian();
    return numbers;
  }

  private static int[] ids() {
    return new Random(1).ints(TOKENS, 0, 63).toArray();
  }
}
