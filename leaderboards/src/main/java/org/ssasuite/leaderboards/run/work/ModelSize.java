package org.ssasuite.leaderboards.run.work;

import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.engine.Precision;

/**
 * What of a model decides how much there is to compute.
 *
 * @param matrices elements of the matrices of all layers
 * @param head elements of the vocabulary's matrix
 * @param queryWidth features of all query heads
 * @param keyWidth features of all key/value heads
 * @param valueBytes of a number of weights and cache
 */
public record ModelSize(
    long matrices, long head, int layers, int queryWidth, int keyWidth, int valueBytes) {
  /** A multiply-add counts as two. */
  private static final double PER_PRODUCT = 2;

  /** Of a checkpoint whose headers were read. */
  public static ModelSize of(Checkpoint checkpoint, Precision precision) {
    ModelConfig config = checkpoint.config();
    long matrices =
        checkpoint.layout().tensors().values().stream()
            .filter(tensor -> tensor.layer().isPresent())
            .filter(tensor -> !tensor.role().isNorm() && !tensor.role().isBias())
            .mapToLong(ModelLayout.Tensor::elements)
            .sum();
    return new ModelSize(
        matrices,
        (long) config.vocabulary() * config.hidden(),
        config.layers(),
        config.queryHeads() * config.headDim(),
        config.kvHeads() * config.headDim(),
        precision.bytes());
  }

  /**
   * Floating-point operations.
   *
   * @param products of weights
   * @param attention of queries with keys, and weights with values
   * @param selection to choose what is attended to
   */
  public record Flop(double products, double attention, double selection) {
    /** All together. */
    public double all() {
      return products + attention + selection;
    }
  }

  /** Of a reading, in a mode. */
  public Flop flop(Reading reading, AttentionMode mode) {
    KeyCount keys = KeyCount.of(mode, reading.past(), reading.tokens());
    return flop(reading.tokens(), reading.rated(), keys);
  }

  /** Of a generation's steps, in a mode. */
  public Flop flop(Writing writing, AttentionMode mode) {
    KeyCount keys = KeyCount.of(mode, writing.past(), writing.steps());
    return flop(writing.steps(), writing.steps(), keys);
  }

  private Flop flop(long tokens, long rated, KeyCount keys) {
    double perPair = PER_PRODUCT * queryWidth * layers;
    return new Flop(
        PER_PRODUCT * ((double) tokens * matrices + (double) rated * head),
        2 * perPair * keys.attended(),
        perPair * keys.looked());
  }

  /** Bytes of keys and values of so many tokens. */
  public double cacheBytes(long tokens) {
    return 2.0 * tokens * keyWidth * layers * valueBytes;
  }

  /** Bytes that a step reads whatever it steps: all weights. */
  public double weightBytes() {
    return (double) (matrices + head) * valueBytes;
  }
}
