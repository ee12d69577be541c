package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.ssasuite.core.attention.AttendedKeys;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.run.ModeCost;
import org.ssasuite.leaderboards.bench.Prompts;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.SpeedTrial;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;

/**
 * Times a loaded model in each of its modes on one prompt of book text, round by round, so that
 * what the machine does meanwhile falls on all of them.
 */
final class CostTrial {
  private static final int ROUNDS = 3;
  private static final int NEW_TOKENS = 9;
  private static final int TOKENS_WITHOUT_LENGTHS = 2_048;
  private static final double SECONDS_PER_NANO = 1e-9;

  private final Home home;

  CostTrial(Home home) {
    this.home = home;
  }

  /** The costs of a model's modes, in their order. */
  List<ModeCost> of(SsaModel model, List<AttentionMode> modes, List<TaskOrder> orders) {
    Checkpoint checkpoint = model.checkpoint();
    int tokens = tokens(orders, checkpoint);
    List<int[]> prompt = Prompts.of(checkpoint, home).take(1, tokens);
    Map<AttentionMode, List<SpeedTrial.Reading>> readings = new LinkedHashMap<>();
    SpeedTrial trial = SpeedTrial.on(model);
    for (int round = 0; round <= ROUNDS; round++) {
      for (AttentionMode mode : modes) {
        SpeedTrial.Reading reading = trial.read(prompt, mode, NEW_TOKENS);
        // The first round warms caches and memory.
        if (round > 0) {
          readings.computeIfAbsent(mode, any -> new ArrayList<>()).add(reading);
        }
      }
    }
    return modes.stream()
        .map(mode -> cost(checkpoint.name(), mode, tokens, readings.get(mode)))
        .toList();
  }

  /** Of the longest task; no more than the model was trained on. */
  private static int tokens(List<TaskOrder> orders, Checkpoint checkpoint) {
    int longest =
        orders.stream()
            .map(TaskOrder::length)
            .filter(OptionalInt::isPresent)
            .mapToInt(OptionalInt::getAsInt)
            .max()
            .orElse(TOKENS_WITHOUT_LENGTHS);
    return Math.min(longest, checkpoint.config().trainedTokens());
  }

  private static ModeCost cost(
      String model, AttentionMode mode, int tokens, List<SpeedTrial.Reading> readings) {
    return new ModeCost(
        model,
        mode.text(),
        tokens,
        AttendedKeys.mean(mode, tokens),
        readings.stream().map(each -> each.firstTokenNanos() * SECONDS_PER_NANO).toList(),
        readings.stream().map(each -> median(each.stepNanos()) * SECONDS_PER_NANO).toList());
  }

  private static double median(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2.0;
  }
}
