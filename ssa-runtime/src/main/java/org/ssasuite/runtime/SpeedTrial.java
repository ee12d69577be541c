package org.ssasuite.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.speed.NodeTimes;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/**
 * A loaded model under the clock: prompts are read, then continued token by token, as a generation
 * does it. Mutable: one owner, one call at a time.
 */
public final class SpeedTrial implements AutoCloseable {
  private final SsaModel model;
  private final boolean owned;

  private SpeedTrial(SsaModel model, boolean owned) {
    this.model = model;
    this.owned = owned;
  }

  /** Of a model that is loaded already, and stays its owner's. */
  public static SpeedTrial on(SsaModel model) {
    return new SpeedTrial(model, false);
  }

  /**
   * Loads a model.
   *
   * @param profile how the file name of a record of node times begins; absent: none is kept, as it
   *     costs time
   */
  public static SpeedTrial open(
      Checkpoint checkpoint,
      RuntimeOptions options,
      Scheduling scheduling,
      Optional<Path> profile) {
    return new SpeedTrial(
        SsaModel.load(
            checkpoint, options, Optional.empty(), scheduling, profile, new EncodedTexts()),
        true);
  }

  /**
   * What one reading took.
   *
   * @param firstTokenNanos from the call to the first new token of every prompt
   * @param stepNanos of each further token, for all prompts together
   */
  public record Reading(long firstTokenNanos, List<Long> stepNanos) {
    public Reading {
      stepNanos = List.copyOf(stepNanos);
    }
  }

  /**
   * Reads prompts side by side and continues each by the most probable token.
   *
   * @param prompts token ids
   * @param newTokens at least 1: the first comes with the prompts, each other from a step
   */
  public Reading read(List<int[]> prompts, AttentionMode mode, int newTokens) {
    if (newTokens < 1) {
      throw new IllegalArgumentException("new tokens: " + newTokens);
    }
    // The target of the last row is not looked at: what counts is the most probable id.
    List<Pass> passes = prompts.stream().map(ids -> Pass.ratingLast(ids, new int[] {0})).toList();
    CachedRunner runner = model.runner();
    long start = System.nanoTime();
    List<CachedRunner.Continued> open = runner.begin(passes, mode);
    long first = System.nanoTime() - start;
    List<Long> steps = new ArrayList<>();
    try {
      for (int i = 1; i < newTokens; i++) {
        long before = System.nanoTime();
        List<CachedRunner.NextToken> stepped = runner.step(open, mode);
        steps.add(System.nanoTime() - before);
        open = continued(open, stepped);
      }
    } finally {
      open.forEach(each -> runner.close(each.sequence()));
    }
    return new Reading(first, steps);
  }

  private static List<CachedRunner.Continued> continued(
      List<CachedRunner.Continued> open, List<CachedRunner.NextToken> stepped) {
    List<CachedRunner.Continued> next = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      next.add(new CachedRunner.Continued(open.get(i).sequence(), stepped.get(i)));
    }
    return next;
  }

  /** What the key/value cache takes, and how selections came about since the model was loaded. */
  public PagePool.Report cache() {
    return model.cacheMemory();
  }

  /** Ends the record of node times and reads it; only for a model that was opened with one. */
  public NodeTimes endProfile() {
    return NodeTimes.read(Objects.requireNonNull(model.runner().endProfile()));
  }

  @Override
  public void close() {
    if (owned) {
      model.close();
    }
  }
}
