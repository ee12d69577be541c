package org.ssasuite.trainer.recipe;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that can change a training run, beside its tokens and the weights that it starts from,
 * which a run's manifest names by their digests.
 *
 * @param streams how SSA draws its stream; absent in the other variants
 * @param alignment SSA's second loss; absent in the other variants
 * @param kernels of attention, and how gradients of several devices are added
 * @param seed of initial weights, draws of streams and order of rows: 0 to 2^32 − 1
 * @param checkpointEvery steps between checkpoints; absent: one at the end only
 * @param evaluateEvery steps between evaluations; absent: none
 */
public record TrainSpec(
    ModelShape model,
    Variant variant,
    Attention attention,
    Optional<Streams> streams,
    Optional<Alignment> alignment,
    Rows rows,
    Batch batch,
    Schedule schedule,
    Optimizer optimizer,
    Precision precision,
    KernelChoice kernels,
    long seed,
    OptionalInt checkpointEvery,
    OptionalInt evaluateEvery) {
  private static final long MAX_SEED = (1L << 32) - 1;
  private static final long MAX_MICRO_BATCH_TOKENS = 1L << 28;

  /**
   * The sparse streams' budget.
   *
   * @param blockSize tokens
   * @param blockCount blocks that a token attends to, its own included
   * @param window tokens of NSA's sliding window, the own one included; absent in other variants
   */
  public record Attention(int blockSize, int blockCount, OptionalInt window) {
    public Attention {
      if (blockSize < 8 || blockSize > 128 || Integer.bitCount(blockSize) != 1) {
        throw new IllegalArgumentException(
            "block_size is " + blockSize + "; it must be 8, 16, 32, 64 or 128");
      }
      Limits.atLeast("block_count", blockCount, 1);
      window.ifPresent(tokens -> Limits.atLeast("window", tokens, 1));
    }
  }

  /**
   * SSA's draw between its streams.
   *
   * @param fullRatio probability of the full stream
   */
  public record Streams(double fullRatio, StreamChoice choice) {
    public Streams {
      Limits.share("full_ratio", fullRatio);
      Objects.requireNonNull(choice, "choice");
    }
  }

  /**
   * How documents become rows.
   *
   * @param tokens T, the length of a row
   */
  public record Rows(int tokens, Packing packing, Masking masking, RowOrder order) {
    public Rows {
      Limits.between("tokens", tokens, 2, 1 << 24);
      Objects.requireNonNull(packing, "packing");
      Objects.requireNonNull(masking, "masking");
      Objects.requireNonNull(order, "order");
    }
  }

  /**
   * How rows become steps.
   *
   * @param rows rows of a micro-batch, which go through the model at once
   * @param accumulation micro-batches of an optimiser step
   * @param steps optimiser steps
   */
  public record Batch(int rows, int accumulation, int steps) {
    public Batch {
      Limits.between("rows", rows, 1, 1 << 20);
      Limits.between("accumulation", accumulation, 1, 1 << 12);
      // 2^28 tokens × 2^12 × 2^22 stays below 2^63.
      Limits.between("steps", steps, 1, 1 << 22);
    }
  }

  /**
   * The learning rate: a rise over the first steps, then half a cosine from the peak down to the
   * least, which the end of the last step would reach.
   *
   * @param warmupSteps w, may be 0
   * @param rise the first rate
   */
  public record Schedule(
      double peakLearningRate, double minLearningRate, int warmupSteps, Rise rise) {
    /** Times the largest weight decay it is an fp32 number. */
    private static final double MOST_LEARNING_RATE = 1000;

    /** The rate of step s, counted from 0, while s is below w. */
    public enum Rise {
      /** peak · s / w: the first step changes nothing, as Hugging Face's schedules have it. */
      FROM_ZERO,
      /** peak · (s + 1) / w. */
      FROM_FIRST
    }

    public Schedule {
      Limits.positive("peak_learning_rate", peakLearningRate);
      Limits.atMost("peak_learning_rate", peakLearningRate, MOST_LEARNING_RATE);
      Limits.notNegative("min_learning_rate", minLearningRate);
      if (minLearningRate > peakLearningRate) {
        throw new IllegalArgumentException(
            "min_learning_rate is " + minLearningRate + "; the peak is " + peakLearningRate);
      }
      Limits.atLeast("warmup_steps", warmupSteps, 0);
      Objects.requireNonNull(rise, "rise");
    }
  }

  /**
   * AdamW; weights of two axes decay, the embedding too, norms do not.
   *
   * @param clip the most that the gradients' global norm may be
   */
  public record Optimizer(
      double beta1, double beta2, double epsilon, double weightDecay, double clip) {
    public Optimizer {
      Limits.belowOne("beta1", beta1);
      Limits.belowOne("beta2", beta2);
      Limits.positive("epsilon", epsilon);
      Limits.notNegative("weight_decay", weightDecay);
      Limits.positive("clip", clip);
    }
  }

  public TrainSpec {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(streams, "streams");
    Objects.requireNonNull(alignment, "alignment");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(kernels, "kernels");
    Limits.between("seed", seed, 0, MAX_SEED);
    checkpointEvery.ifPresent(steps -> Limits.atLeast("checkpoint_every", steps, 1));
    evaluateEvery.ifPresent(steps -> Limits.atLeast("evaluate_every", steps, 1));
    requireBelongs("streams", streams.isPresent(), variant, Variant.SSA);
    requireBelongs("alignment", alignment.isPresent(), variant, Variant.SSA);
    requireBelongs("attention.window", attention.window().isPresent(), variant, Variant.NSA);
    if (rows.tokens() > model.maxPositionEmbeddings()) {
      throw new IllegalArgumentException(
          "rows.tokens is "
              + rows.tokens()
              + "; max_position_embeddings is "
              + model.maxPositionEmbeddings());
    }
    if ((long) batch.rows() * rows.tokens() > MAX_MICRO_BATCH_TOKENS) {
      throw new IllegalArgumentException(
          "batch.rows is "
              + batch.rows()
              + "; a micro-batch may have "
              + MAX_MICRO_BATCH_TOKENS
              + " tokens at most");
    }
    if (schedule.warmupSteps() > batch.steps()) {
      throw new IllegalArgumentException(
          "schedule.warmup_steps is " + schedule.warmupSteps() + " of " + batch.steps() + " steps");
    }
  }

  private static void requireBelongs(String key, boolean there, Variant variant, Variant owner) {
    if (there != (variant == owner)) {
      throw new IllegalArgumentException(
          key
              + (there ? " is stated" : " is missing")
              + "; it is for variant "
              + owner.name().toLowerCase(Locale.ROOT)
              + ", and this is "
              + variant.name().toLowerCase(Locale.ROOT));
    }
  }

  /** The same run in another number format. */
  public TrainSpec with(Precision other) {
    return with(streams, rows, other, kernels);
  }

  /** The same run by other kernels. */
  public TrainSpec with(KernelChoice other) {
    return with(streams, rows, precision, other);
  }

  /** The same run with other rows. */
  public TrainSpec with(Rows other) {
    return with(streams, other, precision, kernels);
  }

  /** The same run with other draws of SSA's stream. */
  public TrainSpec with(Streams other) {
    return with(Optional.of(other), rows, precision, kernels);
  }

  private TrainSpec with(
      Optional<Streams> otherStreams,
      Rows otherRows,
      Precision otherPrecision,
      KernelChoice otherKernels) {
    return new TrainSpec(
        model,
        variant,
        attention,
        otherStreams,
        alignment,
        otherRows,
        batch,
        schedule,
        optimizer,
        otherPrecision,
        otherKernels,
        seed,
        checkpointEvery,
        evaluateEvery);
  }

  /** Tokens of one optimiser step. */
  public long tokensPerStep() {
    return (long) batch.rows() * batch.accumulation() * rows.tokens();
  }

  /** Tokens of the whole run. */
  public long tokens() {
    return tokensPerStep() * batch.steps();
  }
}
