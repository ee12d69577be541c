package org.ssasuite.leaderboards.run.work;

import java.util.Locale;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.speed.KernelTrial;

/**
 * What a device does, by two short measurements at a model's shape: tenths of a second, so that a
 * run need not wait for it.
 *
 * @param products operations a second of the feed-forward layers' products
 * @param attention of full attention
 */
public record DeviceProbe(double products, double attention) {
  private static final int REPEATS = 15;

  /** Of a reading: some hundredths of a second on two processors. */
  private static final double MOST_OPERATIONS = 2e9;

  /** Wider products are no faster, and their weights take longer to make than to multiply. */
  private static final int MOST_FEATURES = 1_024;

  private static final int LEAST_ROWS = 64;
  private static final int MOST_ROWS = 2_048;
  private static final double PER_GIGA = 1e9;

  /** Measures now. */
  public static DeviceProbe measure(RuntimeOptions options, ModelConfig model) {
    KernelTrial trial = KernelTrial.of(options, REPEATS);
    int in = Math.min(MOST_FEATURES, model.hidden());
    int out = Math.min(MOST_FEATURES, model.feedForward());
    double rows = MOST_OPERATIONS / (2.0 * in * out);
    double width = (double) model.queryHeads() * model.headDim();
    double tokens = Math.sqrt(MOST_OPERATIONS / (2 * width));
    // Attention first: it keeps the processor awake for longer than the products would.
    double attention =
        usual(
            trial.fullAttention(
                within(tokens), model.queryHeads(), model.kvHeads(), model.headDim()));
    return new DeviceProbe(usual(trial.product(within(rows), in, out)), attention);
  }

  /** Of the median reading: the first ones wake the processor, single ones are disturbed. */
  private static double usual(KernelTrial.Timed timed) {
    return timed.rate() * PER_GIGA;
  }

  private static int within(double rows) {
    return (int) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, rows));
  }

  /** As people read it. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "by products at %.0f and attention at %.0f GFLOP/s here, measured now",
        products / PER_GIGA,
        attention / PER_GIGA);
  }
}
