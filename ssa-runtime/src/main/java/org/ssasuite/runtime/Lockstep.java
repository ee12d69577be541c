package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.operator.DivergenceSession;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;

/**
 * Two models of one vocabulary, or one model in two modes, that read the same tokens chunk by chunk
 * side by side, so that their predictions are compared over the whole vocabulary without being
 * kept: memory is that of one chunk's rows before the head, twice. Mutable: one owner, one call at
 * a time, closed once.
 */
public final class Lockstep implements AutoCloseable {
  private final Side a;
  private final Side b;
  private final HiddenReader readerA;
  private final HiddenReader readerB;
  private final DivergenceSession divergence;

  private Lockstep(
      Side a, Side b, HiddenReader readerA, HiddenReader readerB, DivergenceSession divergence) {
    this.a = a;
    this.b = b;
    this.readerA = readerA;
    this.readerB = readerB;
    this.divergence = divergence;
  }

  /**
   * One of the two.
   *
   * @param rope replaces what the config states
   */
  public record Side(Checkpoint checkpoint, AttentionMode mode, Optional<RopeScaling> rope) {
    public Side {
      Objects.requireNonNull(checkpoint);
      Objects.requireNonNull(mode);
      Objects.requireNonNull(rope);
    }

    private boolean sameWeights(Side other) {
      return checkpoint == other.checkpoint && rope.equals(other.rope);
    }
  }

  /**
   * Loads the weights, once if both sides are one checkpoint.
   *
   * @throws BadInputException if the vocabularies differ in size, a model cannot be loaded, or the
   *     device is not the CPU
   */
  public static Lockstep open(Side a, Side b, RuntimeOptions options) {
    if (options.device() != Device.CPU) {
      throw new BadInputException(
          "--device " + options.device().text(), DivergenceSession.CPU_ONLY);
    }
    int vocabularyA = a.checkpoint().config().vocabulary();
    int vocabularyB = b.checkpoint().config().vocabulary();
    if (vocabularyA != vocabularyB) {
      throw new BadInputException(
          b.checkpoint().folder(),
          "has "
              + vocabularyB
              + " ids, "
              + a.checkpoint().name()
              + " has "
              + vocabularyA
              + ": their predictions cannot be compared");
    }
    HiddenReader readerA = HiddenReader.open(a.checkpoint(), options, a.rope());
    HiddenReader readerB = readerA;
    try {
      if (!a.sameWeights(b)) {
        readerB = HiddenReader.open(b.checkpoint(), options, b.rope());
      }
      OnnxTensor headA = readerA.head();
      OnnxTensor headB = readerB == readerA ? headA : readerB.head();
      return new Lockstep(a, b, readerA, readerB, DivergenceSession.open(options, headA, headB));
    } catch (RuntimeException e) {
      close(readerA, readerB);
      throw e;
    }
  }

  /** Takes a chunk's comparison. */
  public interface Sink {
    /**
     * Called in the order of positions.
     *
     * @param position of the first row, whose prediction is that of the next token
     */
    void accept(int position, TokenDivergenceOutputs rows);
  }

  /**
   * Reads a text: the prediction of every token but the first, given those before it.
   *
   * @param ids of the vocabulary, at least two
   * @param chunk tokens that go through the models at once; changes no bit
   */
  public void read(int[] ids, int chunk, Sink sink) {
    PageTable.Sequence sequenceA = readerA.begin();
    PageTable.Sequence sequenceB = readerB.begin();
    try {
      for (int from = 0; from < ids.length - 1; from += chunk) {
        int to = Math.min(from + chunk, ids.length - 1);
        int[] tokens = Arrays.copyOfRange(ids, from, to);
        float[] hiddenA = readerA.next(sequenceA, tokens, a.mode());
        float[] hiddenB = readerB.next(sequenceB, tokens, b.mode());
        sink.accept(
            from, divergence.run(hiddenA, hiddenB, Arrays.copyOfRange(ids, from + 1, to + 1)));
      }
    } finally {
      readerA.end(sequenceA);
      readerB.end(sequenceB);
    }
  }

  @Override
  public void close() {
    divergence.close();
    close(readerA, readerB);
  }

  private static void close(HiddenReader a, HiddenReader b) {
    a.close();
    if (b != a) {
      b.close();
    }
  }
}
