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
  private static final int REPEATS = 3;

  /** A tenth of a second on a slow processor, with what warms up. */
  private static final double MOST_OPERATIONS = 1e9;

  private static final int LEAST_ROWS = 64;
  private static final int MOST_ROWS = 1_024;
  private static final double PER_GIGA = 1e9;

  /** Measures now. */
  public static DeviceProbe measure(RuntimeOptions options, ModelConfig model) {
    KernelTrial trial = KernelTrial.of(options, REPEATS);
    double rows = MOST_OPERATIONS / (2.0 * model.hidden() * model.feedForward());
    double width = (double) model.queryHeads() * model.headDim();
    double tokens = Math.sqrt(MOST_OPERATIONS / (2 * width));
    double products =
        trial.product(within(rows), model.hidden(), model.feedForward()).rate() * PER_GIGA;
    double attention =
        trial
                .fullAttention(within(tokens), model.queryHeads(), model.kvHeads(), model.headDim())
                .rate()
            * PER_GIGA;
    return new DeviceProbe(products, attention);
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
