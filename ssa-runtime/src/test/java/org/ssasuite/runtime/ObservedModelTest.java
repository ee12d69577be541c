package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;

/** Observing changes no bit of a score; chunks and threads change none of the statistics. */
class ObservedModelTest {
  private static final int TOKENS = 300;
  private static final QueryRange ALL = new QueryRange(0, TOKENS);
  private static final QueryRange SOME = new QueryRange(37, 290);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "released:8x8", "nsa:8x3"})
  void observingChangesNoBitOfAScore(String text) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    float[] plain;
    try (SsaModel model =
        SsaModel.load(checkpoint, RuntimeOptions.cpu(2), Optional.empty(), scheduling(100))) {
      plain = model.logProbabilities(ids(), mode).logProbability();
    }

    try (ObservedModel model = load(checkpoint, 2, 100)) {
      assertThat(model.observe(ids(), mode, asked(mode), ALL, true).logProbability())
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x3", "nsa:8x3"})
  void chunksAndThreadsChangeNoBitOfTheStatistics(String text) {
    Checkpoint checkpoint = checkpoint(text);
    AttentionMode mode = AttentionMode.parse(text, checkpoint.budget());
    List<double[]> whole;
    try (ObservedModel model = load(checkpoint, 1, TOKENS)) {
      whole = sums(model.statistics(ids(), mode, asked(mode), SOME));
    }

    for (int chunk : new int[] {1, 7, 64, 100}) {
      try (ObservedModel model = load(checkpoint, 2, chunk)) {
        assertThat(sums(model.statistics(ids(), mode, asked(mode), SOME)))
            .as("chunks of %s", chunk)
            .usingRecursiveComparison()
            .isEqualTo(whole);
      }
    }
  }

  @Test
  void whatFollowsTheLastQueryChangesNothing() {
    Checkpoint checkpoint = checkpoint("full");
    AttentionMode mode = new Full();
    int[] longer = Arrays.copyOf(ids(), TOKENS + 50);

    try (ObservedModel model = load(checkpoint, 2, 64)) {
      assertThat(sums(model.statistics(longer, mode, asked(mode), SOME)))
          .usingRecursiveComparison()
          .isEqualTo(sums(model.statistics(ids(), mode, asked(mode), SOME)));
    }
  }

  @Test
  void refusesQueriesBehindTheText() {
    try (ObservedModel model = load(checkpoint("full"), 1, 64)) {
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

  private static ObservedModel load(Checkpoint checkpoint, int threads, int chunk) {
    return ObservedModel.load(
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
    return statistics.layers().stream().map(ObservedModelTest::numbers).toList();
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
