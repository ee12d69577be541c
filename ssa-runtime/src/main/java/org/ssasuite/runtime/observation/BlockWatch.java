package org.ssasuite.runtime.observation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.SelectedBlocks;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.statistics.QueryRange;

/** Gathers the selected blocks of all tokens of a sequence: pieces of chunks follow each other. */
final class BlockWatch implements Watch {
  private final ModelConfig config;
  private final List<Piece> pieces = new ArrayList<>();

  private BlockWatch(ModelConfig config) {
    this.config = config;
  }

  /** Of a rating. */
  static Optional<BlockWatch> of(BlockObservation asked, Scene scene) {
    if (scene.writing()) {
      throw new BadInputException("generation", asked.name() + " are observed in ratings only");
    }
    return Optional.of(new BlockWatch(scene.config()));
  }

  /** Pass after pass. */
  static Optional<BlockObservation.Layers> observed(List<BlockWatch> passes) {
    return Optional.of(
        new BlockObservation.Layers(
            passes.stream().flatMap(pass -> pass.layers().stream()).toList()));
  }

  /**
   * What a run selected.
   *
   * @param layers per layer [tokens, H, width]
   */
  private record Piece(int tokens, int width, List<int[]> layers) {}

  @Override
  public Probe probe() {
    return new SelectionProbe();
  }

  @Override
  public boolean looksAt(QueryRange positions) {
    return true;
  }

  /** A selection belongs to one pass. */
  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void take(RunPart part) {
    int width = SelectionProbe.width(part);
    int row = config.kvHeads() * width;
    int tokens = part.positions().queries();
    int from = part.firstRow() * row;
    List<int[]> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers() && width > 0; layer++) {
      layers.add(Arrays.copyOfRange(SelectionProbe.blocks(part, layer), from, from + tokens * row));
    }
    pieces.add(new Piece(tokens, width, layers));
  }

  /** One entry per layer; none if the mode selects nothing. */
  private List<SelectedBlocks> layers() {
    int width = pieces.stream().mapToInt(Piece::width).max().orElse(0);
    int tokens = pieces.stream().mapToInt(Piece::tokens).sum();
    List<SelectedBlocks> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers() && width > 0; layer++) {
      int[] all = new int[tokens * config.kvHeads() * width];
      Arrays.fill(all, -1);
      int row = 0;
      for (Piece piece : pieces) {
        int[] blocks = piece.layers().get(layer);
        for (int at = 0; at < blocks.length; at += piece.width(), row++) {
          System.arraycopy(blocks, at, all, row * width, piece.width());
        }
      }
      layers.add(new SelectedBlocks(tokens, config.kvHeads(), width, all));
    }
    return layers;
  }
}
