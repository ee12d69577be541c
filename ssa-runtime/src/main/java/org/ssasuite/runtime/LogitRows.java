package org.ssasuite.runtime;

import java.util.Arrays;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.logits.LogitSession;

/**
 * A model that gives all logits of one position after the other, to be held against those of
 * another program: a few rows of them are in memory at a time. Mutable: one owner, closed once.
 */
public final class LogitRows implements AutoCloseable {
  /** Rows that go through the vocabulary head together. */
  private static final int ROWS = 32;

  private final HiddenReader reader;
  private final LogitSession head;
  private final int width;
  private final int vocabulary;

  private LogitRows(HiddenReader reader, LogitSession head, int width, int vocabulary) {
    this.reader = reader;
    this.head = head;
    this.width = width;
    this.vocabulary = vocabulary;
  }

  /**
   * Loads the weights. The head multiplies in fp32, with weights rounded to the side's precision.
   *
   * @throws BadInputException if the model cannot be loaded
   */
  public static LogitRows open(Lockstep.Side side) {
    HiddenReader reader = HiddenReader.open(side.checkpoint(), side.options(), side.rope(), false);
    try {
      RuntimeOptions options = side.options();
      RuntimeOptions wide =
          new RuntimeOptions(options.threads(), options.device(), Precision.FP32, options.isa());
      return new LogitRows(
          reader,
          LogitSession.open(wide, reader.wideHead()),
          side.checkpoint().config().hidden(),
          side.checkpoint().config().vocabulary());
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** V. */
  public int vocabulary() {
    return vocabulary;
  }

  /**
   * Begins a text.
   *
   * @param ids of the vocabulary, at least two
   * @param chunk tokens that go through the model at once; changes no bit
   */
  public Reading begin(int[] ids, AttentionMode mode, int chunk) {
    return new Reading(ids.clone(), mode, reader.chunk(chunk));
  }

  /** One text, position by position. Mutable, closed once. */
  public final class Reading implements AutoCloseable {
    private final int[] ids;
    private final AttentionMode mode;
    private final int chunk;
    private final PageTable.Sequence sequence = reader.begin();
    private float[] hidden = new float[0];
    private float[] logits = new float[0];
    private int hiddenFrom;
    private int hiddenTo;
    private int logitsTo;
    private int at;

    private Reading(int[] ids, AttentionMode mode, int chunk) {
      this.ids = ids;
      this.mode = mode;
      this.chunk = chunk;
    }

    /** Positions: those of all tokens but the last. */
    public int size() {
      return ids.length - 1;
    }

    /**
     * The next position's logits.
     *
     * @param to [V]
     */
    public void next(float[] to) {
      if (at == hiddenTo) {
        hiddenFrom = hiddenTo;
        hiddenTo = Math.min(hiddenFrom + chunk, size());
        hidden =
            reader.next(sequence, Arrays.copyOfRange(ids, hiddenFrom, hiddenTo), mode).hidden();
      }
      if (at == logitsTo) {
        int from = at - hiddenFrom;
        logitsTo = Math.min(at + ROWS, hiddenTo);
        logits =
            head.run(Arrays.copyOfRange(hidden, from * width, (logitsTo - hiddenFrom) * width));
      }
      int row = logits.length / vocabulary - (logitsTo - at);
      System.arraycopy(logits, row * vocabulary, to, 0, vocabulary);
      at++;
    }

    @Override
    public void close() {
      reader.end(sequence);
    }
  }

  @Override
  public void close() {
    head.close();
    reader.close();
  }
}
