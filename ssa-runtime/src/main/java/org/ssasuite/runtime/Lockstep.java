package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.operator.CudaLimits;
import org.ssasuite.runtime.operator.DivergenceSession;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;

/**
 * Two models of one vocabulary, or one model in two modes, number formats or devices, that read the
 * same tokens chunk by chunk side by side, so that their predictions are compared over the whole
 * vocabulary without being kept: memory is that of one chunk's rows before the head, twice.
 * Mutable: one owner, one call at a time, closed once.
 */
public final class Lockstep implements AutoCloseable {
  /** Rows whose layers are held at once, of each side. */
  private static final int ROWS_WITH_LAYERS = 512;

  private final List<HiddenReader> readers; // one that serves both sides, or A's and B's
  private final DivergenceSession divergence;
  private final boolean layers;

  private Lockstep(List<HiddenReader> readers, DivergenceSession divergence, boolean layers) {
    this.readers = List.copyOf(readers);
    this.divergence = divergence;
    this.layers = layers;
  }

  /**
   * One of the two.
   *
   * @param rope replaces what the config states
   */
  public record Side(Checkpoint checkpoint, Optional<RopeScaling> rope, RuntimeOptions options) {
    public Side {
      Objects.requireNonNull(checkpoint);
      Objects.requireNonNull(rope);
      Objects.requireNonNull(options);
    }

    private boolean sameNumbers(Side other) {
      return checkpoint == other.checkpoint
          && rope.equals(other.rope)
          && options.equals(other.options);
    }

    private HiddenReader open(boolean layers) {
      return HiddenReader.open(checkpoint, options, rope, layers);
    }
  }

  /**
   * Loads the weights, once if the sides are alike. Heads of one format on one device are
   * multiplied there in that format; those of two in fp32, each with its own rounded weights, on
   * the GPU if there is one among the two.
   *
   * @param layers whether what leaves each layer is compared too
   * @throws BadInputException if the vocabularies differ in size, layers are to be compared that do
   *     not correspond, or a model cannot be loaded
   */
  public static Lockstep open(Side a, Side b, boolean layers) {
    requireComparable(a.checkpoint(), b.checkpoint(), layers);
    List<HiddenReader> readers = new ArrayList<>(List.of(a.open(layers)));
    try {
      if (!a.sameNumbers(b)) {
        readers.add(b.open(layers));
      }
      return new Lockstep(readers, session(a, b, readers), layers);
    } catch (RuntimeException e) {
      readers.forEach(HiddenReader::close);
      throw e;
    }
  }

  /**
   * Two modes of one model that is loaded already, over its own cache.
   *
   * @param reader stays its owner's
   */
  static Lockstep within(HiddenReader reader, RuntimeOptions options) {
    return new Lockstep(
        List.of(reader), DivergenceSession.open(options, List.of(reader.head())), false);
  }

  /**
   * Before anything large is read.
   *
   * @throws BadInputException as {@link #open}
   */
  public static void requireComparable(Checkpoint a, Checkpoint b, boolean layers) {
    ModelConfig one = a.config();
    ModelConfig other = b.config();
    if (one.vocabulary() != other.vocabulary()) {
      throw new BadInputException(
          b.folder(),
          "has "
              + other.vocabulary()
              + " ids, "
              + a.name()
              + " has "
              + one.vocabulary()
              + ": their predictions cannot be compared");
    }
    if (layers && (one.layers() != other.layers() || one.hidden() != other.hidden())) {
      throw new BadInputException(
          b.folder(),
          "has "
              + other.layers()
              + " layers of width "
              + other.hidden()
              + ", "
              + a.name()
              + " has "
              + one.layers()
              + " of "
              + one.hidden()
              + ": their layers cannot be compared");
    }
  }

  private static DivergenceSession session(Side a, Side b, List<HiddenReader> readers) {
    RuntimeOptions one = a.options();
    RuntimeOptions other = b.options();
    boolean cuda = one.device() == Device.CUDA || other.device() == Device.CUDA;
    if (cuda) {
      CudaLimits.requireHidden(a.checkpoint().config().hidden());
      CudaLimits.requireHidden(b.checkpoint().config().hidden());
    }
    if (one.device() == other.device() && one.precision() == other.precision()) {
      return DivergenceSession.open(one, readers.stream().map(HiddenReader::head).toList());
    }
    return DivergenceSession.open(
        new RuntimeOptions(
            one.threads(), cuda ? Device.CUDA : Device.CPU, Precision.FP32, one.isa()),
        readers.stream().map(HiddenReader::wideHead).toList());
  }

  /**
   * A stretch of one sequence.
   *
   * @param position of the first row, whose prediction is that of the next token
   * @param outputs how far apart the predictions are
   * @param layers of each layer and row ‖x_A − x_B‖ / ‖x_A‖, x the residual stream that leaves the
   *     layer; none unless asked for
   */
  public record Stretch(int position, TokenDivergenceOutputs outputs, List<double[]> layers) {
    public Stretch {
      Objects.requireNonNull(outputs);
      layers = List.copyOf(layers);
    }
  }

  /** Takes a stretch's comparison. */
  public interface Sink {
    /** Called in the order of positions. */
    void accept(Stretch stretch);
  }

  /**
   * Reads a text: the prediction of every token but the first, given those before it.
   *
   * @param ids of the vocabulary, at least two
   * @param a the mode of the first side
   * @param b the mode of the second
   * @param chunk tokens that go through the models at once; changes no bit
   */
  public void read(int[] ids, AttentionMode a, AttentionMode b, int chunk, Sink sink) {
    HiddenReader readerA = readers.get(0);
    HiddenReader readerB = readers.get(readers.size() - 1);
    int step = Math.min(readerA.chunk(chunk), readerB.chunk(chunk));
    if (layers) {
      step = Math.min(step, ROWS_WITH_LAYERS);
    }
    PageTable.Sequence sequenceA = readerA.begin();
    PageTable.Sequence sequenceB = readerB.begin();
    try {
      for (int from = 0; from < ids.length - 1; from += step) {
        int to = Math.min(from + step, ids.length - 1);
        int[] tokens = Arrays.copyOfRange(ids, from, to);
        HiddenReader.Rows rowsA = readerA.next(sequenceA, tokens, a);
        HiddenReader.Rows rowsB = readerB.next(sequenceB, tokens, b);
        int[] targets = Arrays.copyOfRange(ids, from + 1, to + 1);
        sink.accept(
            new Stretch(
                from,
                divergence.run(rowsA.hidden(), rowsB.hidden(), targets),
                apart(rowsA.layers(), rowsB.layers(), tokens.length)));
      }
    } finally {
      readerA.end(sequenceA);
      readerB.end(sequenceB);
    }
  }

  private static List<double[]> apart(List<float[]> a, List<float[]> b, int rows) {
    List<double[]> apart = new ArrayList<>();
    for (int layer = 0; layer < a.size(); layer++) {
      apart.add(apart(a.get(layer), b.get(layer), rows));
    }
    return apart;
  }

  private static double[] apart(float[] a, float[] b, int rows) {
    int width = a.length / rows;
    double[] apart = new double[rows];
    for (int row = 0; row < rows; row++) {
      double difference = 0;
      double size = 0;
      for (int e = row * width; e < (row + 1) * width; e++) {
        double distance = (double) a[e] - b[e];
        difference += distance * distance;
        size += (double) a[e] * a[e];
      }
      // Two rows of zeros are not apart; from one of zeros nothing has a distance that is a share.
      apart[row] = difference == 0 ? 0 : Math.sqrt(difference / size);
    }
    return apart;
  }

  @Override
  public void close() {
    divergence.close();
    readers.forEach(HiddenReader::close);
  }
}
