package org.ssasuite.runtime.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.Departures;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.onnx.CudaShapes;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.statistics.BlockBudget;

/** What the CUDA kernels have no shape for; asked before anything large is read. */
public final class CudaLimits {
  private static final String SUBJECT = "--device cuda";

  private CudaLimits() {}

  /** Asked for once, when a GPU is first spoken of. */
  private static final class Library {
    static final CudaShapes SHAPES = PagePool.cudaShapes();
  }

  /**
   * Refuses a model, a mode or a chunk, if they are for a GPU.
   *
   * @throws BadInputException for what the kernels have no shape for; says what they have
   */
  public static void require(
      RuntimeOptions options,
      Checkpoint checkpoint,
      List<AttentionMode> modes,
      Scheduling scheduling) {
    if (options.device() == Device.CPU) {
      return;
    }
    requireModel(checkpoint);
    modes.forEach(CudaLimits::requireMode);
    int most = RunSize.on(Device.CUDA).promptTokens();
    if (scheduling.chunkTokens() > most) {
      throw new BadInputException(
          "--chunk " + scheduling.chunkTokens(), "is more than " + most + " with --device cuda");
    }
  }

  /**
   * Refuses a model.
   *
   * @throws BadInputException for sizes that the kernels have no shape for; says what they have
   */
  public static void requireModel(Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    String model = "model " + checkpoint.name() + ": ";
    requirePlain(model, checkpoint);
    requireHeads(model, config.headDim(), config.queryHeads() / config.kvHeads());
    requireNormed(model + "hidden_size ", config.hidden());
    requireWidth(model + "intermediate_size ", config.feedForward(), Library.SHAPES.feedMultiple());
  }

  /** Refuses what the CUDA graph does not compute. */
  private static void requirePlain(String model, Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    List<String> facts = new ArrayList<>();
    if (checkpoint.layout().headNorms()) {
      facts.add("norms of queries and keys");
    }
    if (checkpoint.layout().joined()) {
      facts.add("joined matrices");
    }
    if (config.turnedDim() != config.headDim()) {
      facts.add(config.turnedDim() + " of " + config.headDim() + " features turned");
    }
    if (!config.departures().equals(Departures.NONE)) {
      facts.add(config.departures().text().substring(2));
    }
    if (!facts.isEmpty()) {
      String family = config.sizes().family().modelType();
      throw new BadInputException(
          SUBJECT, model + family + " runs on the CPU only so far: " + String.join(", ", facts));
    }
  }

  /** Refuses a residual stream. */
  static void requireNormed(String of, int width) {
    requireWidth(of, width, Library.SHAPES.widthMultiple());
    if (width > Library.SHAPES.mostWidth()) {
      throw new BadInputException(SUBJECT, of + width + "; up to " + Library.SHAPES.mostWidth());
    }
  }

  /** Refuses the hidden state that a vocabulary head reads. */
  public static void requireHidden(int width) {
    requireWidth("hidden: width ", width, Library.SHAPES.widthMultiple());
  }

  private static void requireWidth(String of, int width, int multiple) {
    if (width % multiple != 0) {
      throw new BadInputException(SUBJECT, of + width + "; multiples of " + multiple);
    }
  }

  /**
   * Refuses the heads of an operator or a model.
   *
   * @param of whose they are, as the message begins
   */
  public static void requireHeads(String of, int headDim, int groupSize) {
    CudaShapes shapes = Library.SHAPES;
    if (!shapes.headDims().contains(headDim)) {
      throw new BadInputException(
          SUBJECT,
          of + "heads of " + headDim + "; there are kernels for " + listed(shapes.headDims()));
    }
    if (groupSize > shapes.mostGroup()) {
      throw new BadInputException(
          SUBJECT, of + groupSize + " query heads per KV head; up to " + shapes.mostGroup());
    }
  }

  /** As {@code 1, 2 and 3}. */
  private static String listed(List<Integer> numbers) {
    int last = numbers.size() - 1;
    String others =
        numbers.subList(0, last).stream().map(String::valueOf).collect(Collectors.joining(", "));
    return others + " and " + numbers.get(last);
  }

  /**
   * Refuses budgets that select too many blocks, if they are for a GPU.
   *
   * @param longestTokens of a sequence: there are no more blocks than it has
   * @throws BadInputException for what the kernels have no room for
   */
  public static void requireBudgets(
      RuntimeOptions options, List<BlockBudget> budgets, int longestTokens) {
    if (options.device() == Device.CPU) {
      return;
    }
    for (BlockBudget budget : budgets) {
      int blocks = (int) ModeCode.of(budget.mode(), longestTokens)[2];
      if (blocks > Library.SHAPES.mostBlocks()) {
        throw new BadInputException(
            SUBJECT,
            "budget " + budget.text() + ": up to " + Library.SHAPES.mostBlocks() + " blocks");
      }
    }
  }

  private static void requireMode(AttentionMode mode) {
    requireMode(mode, Integer.MAX_VALUE);
  }

  /**
   * Refuses a mode that selects too many blocks.
   *
   * @param longestTokens of a sequence: there are no more blocks than it has
   */
  public static void requireMode(AttentionMode mode, int longestTokens) {
    int most = Library.SHAPES.mostBlocks();
    if (ModeCode.of(mode, longestTokens)[2] > most) {
      throw new BadInputException(
          SUBJECT, "mode " + mode.text() + ": up to " + most + " blocks are selected");
    }
  }
}
