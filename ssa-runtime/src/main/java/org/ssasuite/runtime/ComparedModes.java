package org.ssasuite.runtime;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;

/**
 * Two modes of a loaded model on the same tokens. Mutable: what reads them is made when something
 * is compared first; one owner, one call at a time.
 */
final class ComparedModes implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final RuntimeOptions options;
  private final CachedRunner runner;
  private final Supplier<FloatBuffer> head;
  private Optional<Lockstep> lockstep = Optional.empty();

  ComparedModes(
      Checkpoint checkpoint,
      RuntimeOptions options,
      CachedRunner runner,
      Supplier<FloatBuffer> head) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.runner = runner;
    this.head = head;
  }

  /**
   * What both predict of each token behind the first.
   *
   * @param a the mode of side A
   * @param b the mode of side B
   */
  ComparedTokens of(int[] ids, AttentionMode a, AttentionMode b) {
    int rows = Math.max(0, ids.length - 1);
    double[] figures = new double[ComparedTokens.FIGURES * rows];
    boolean[] sameTop = new boolean[rows];
    if (rows > 0) {
      opened().read(ids, a, b, runner.chunk(), stretch -> note(stretch, figures, sameTop));
    }
    return new ComparedTokens(figures, sameTop);
  }

  private static void note(Lockstep.Stretch stretch, double[] figures, boolean[] sameTop) {
    double[] read = stretch.outputs().figures();
    System.arraycopy(read, 0, figures, ComparedTokens.FIGURES * stretch.position(), read.length);
    for (int row = 0; row < stretch.outputs().rows(); row++) {
      sameTop[stretch.position() + row] = stretch.outputs().sameTop(row);
    }
  }

  private Lockstep opened() {
    if (lockstep.isEmpty()) {
      HiddenReader reader = runner.reader(checkpoint, options.precision(), head);
      lockstep = Optional.of(Lockstep.within(reader, options));
    }
    return lockstep.get();
  }

  @Override
  public void close() {
    lockstep.ifPresent(Lockstep::close);
  }
}
