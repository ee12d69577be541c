package org.ssasuite.leaderboards.run.work;

import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.engine.Device;

/**
 * How fast a device is, in operations and bytes a second.
 *
 * @param products of weights
 * @param attention full attention over a whole text
 * @param chosen attention where keys are chosen, choosing included
 * @param step attention of single tokens behind a cache
 * @param memory weights that are read for a step
 * @param layerSeconds of a step, whatever is computed: each layer's operators are started
 */
public record Rates(
    double products,
    double attention,
    double chosen,
    double step,
    double memory,
    double layerSeconds) {
  /** Of {@link #CPU}. */
  private static final int MEASURED_THREADS = 2;

  /**
   * From docs/performance.md: ssa-mini on two threads of an AMD EPYC (AVX2). Attention 92 to 98
   * GFLOP/s at 8,192 tokens; 60 % of 1,345 ms for 26 GFLOP of chosen keys and 13 of choosing; 5.1
   * ms for the 0.1 GFLOP of a full step; 2.3 ms for a step of six layers behind nothing.
   */
  private static final Rates CPU = new Rates(90e9, 90e9, 48e9, 20e9, 12e9, 0.38e-3);

  /**
   * The same page: 1B shape in bf16 on one H200. Attention 457 TFLOP/s at 131,072 tokens, 96 where
   * keys are chosen; 0.8 s of products for 315 TFLOP beside a layer's other operators; steps of
   * 2.15 ms behind 8,192 tokens in 16 layers and 3.73 behind 131,072.
   */
  private static final Rates CUDA = new Rates(280e12, 450e12, 96e12, 11e12, 4e12, 0.1e-3);

  /** As one device of each kind was measured: which of two units takes longer, not how long. */
  public static Rates nominal(Device device) {
    return device == Device.CPU ? CPU : CUDA;
  }

  /** The same with so many of the processor's threads in place of the two that were measured. */
  public Rates onThreads(int threads) {
    double faster = threads / (double) MEASURED_THREADS;
    return new Rates(
        products * faster,
        attention * faster,
        chosen * faster,
        step * faster,
        memory,
        layerSeconds);
  }

  /**
   * Of the device here, by two rates that were measured; the others are taken to be as much faster
   * or slower as the one that they are most like.
   */
  public Rates measured(double productsHere, double attentionHere) {
    double faster = attentionHere / attention;
    return new Rates(
        productsHere,
        attentionHere,
        chosen * faster,
        step * faster,
        memory,
        layerSeconds * products / productsHere);
  }

  /**
   * How long a unit takes.
   *
   * @param reference the other mode of comparisons; that of nothing else matters
   */
  public double seconds(
      ModelSize model, UnitLoad load, AttentionMode mode, AttentionMode reference) {
    double seconds = 0;
    for (Reading reading : load.readings()) {
      seconds += seconds(model.flop(reading, mode), mode);
    }
    for (Reading reading : load.compared()) {
      seconds += seconds(model.flop(reading, mode), mode);
      seconds += seconds(model.flop(reading, reference), reference);
    }
    return seconds + stepSeconds(model, load, mode);
  }

  private double seconds(ModelSize.Flop flop, AttentionMode mode) {
    double rate = mode instanceof Full ? attention : chosen;
    return flop.products() / products + (flop.attention() + flop.selection()) / rate;
  }

  /** Sequences take their steps side by side: the weights are read once for all. */
  private double stepSeconds(ModelSize model, UnitLoad load, AttentionMode mode) {
    double attended = 0;
    double multiplied = 0;
    int longest = 0;
    for (Writing writing : load.writings()) {
      ModelSize.Flop flop = model.flop(writing, mode);
      attended += (flop.attention() + flop.selection()) / step;
      multiplied += flop.products() / products;
      longest = Math.max(longest, writing.steps());
    }
    double read = longest * model.weightBytes() / memory;
    return attended + Math.max(multiplied, read) + longest * model.layers() * layerSeconds;
  }
}
