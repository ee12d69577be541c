package org.ssasuite.runtime.operator;

import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.graph.ModeCode;

/** What the CUDA kernels have no shape for; asked before anything large is read. */
public final class CudaLimits {
  private static final String SUBJECT = "--device cuda";
  private static final List<Integer> HEAD_DIMS = List.of(32, 64, 128);
  private static final int MOST_GROUP = 32;
  private static final int MOST_BLOCKS = 512;
  private static final int WIDTH_MULTIPLE = 8;
  private static final int FEED_MULTIPLE = 4;

  private CudaLimits() {}

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
    requireHeads(model, config.headDim(), config.queryHeads() / config.kvHeads());
    requireWidth(model + "hidden_size ", config.hidden(), WIDTH_MULTIPLE);
    requireWidth(model + "intermediate_size ", config.feedForward(), FEED_MULTIPLE);
  }

  /** Refuses the hidden state that a vocabulary head reads. */
  public static void requireHidden(int width) {
    requireWidth("hidden: width ", width, WIDTH_MULTIPLE);
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
    if (!HEAD_DIMS.contains(headDim)) {
      throw new BadInputException(
          SUBJECT, of + "heads of " + headDim + "; there are kernels for 32, 64 and 128");
    }
    if (groupSize > MOST_GROUP) {
      throw new BadInputException(
          SUBJECT, of + groupSize + " query heads per KV head; up to " + MOST_GROUP);
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
    if (ModeCode.of(mode, longestTokens)[2] > MOST_BLOCKS) {
      throw new BadInputException(
          SUBJECT, "mode " + mode.text() + ": up to " + MOST_BLOCKS + " blocks are selected");
    }
  }
}
