package org.ssasuite.trainer.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.trainer.engine.Graph;
import org.ssasuite.trainer.engine.TensorScope;

/**
 * Attention by its formula on libtorch's operations: every score of a tile of queries, a mask, a
 * softmax; backward by autograd. fp32 and fp64 on any device, memory [HQ, 512, n] for a sequence of
 * n tokens. What the native kernels are held against, and what serves fp64, which they do not.
 */
public final class FormulaAttention implements AttentionKernels {
  private static final int TILE = 512;
  private static final double MASKED = -1e30;

  @Override
  public BranchForward forward(AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
    return forward(branch, q, k, v, starts, Optional.empty());
  }

  /**
   * The same over blocks that were selected elsewhere.
   *
   * @param given [T, H, k], as {@link BranchForward#selected()}
   */
  public BranchForward forward(
      AttentionBranch.Selected branch, Tensor q, Tensor k, Tensor v, int[] starts, Tensor given) {
    return forward(branch, q, k, v, starts, Optional.of(given));
  }

  private static BranchForward forward(
      AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts, Optional<Tensor> given) {
    requireExact(branch);
    List<Tensor> outs = new ArrayList<>();
    List<Tensor> sums = new ArrayList<>();
    List<Tensor> choices = new ArrayList<>();
    try (TensorScope scope = new TensorScope()) {
      for (Tile tile : tiles(starts)) {
        Keys keys = keys(branch, tile.sequence(k), tile.sequence(v));
        Tensor queries = tile.queries(q);
        Optional<Tensor> selected =
            given.map(tile::queries).or(() -> selected(branch, tile, queries, keys));
        Attended attended = attend(queries, keys, mask(branch, tile, keys, selected));
        outs.add(attended.out());
        sums.add(attended.logSumExp().to(ScalarType.Float));
        selected.ifPresent(choices::add);
      }
      return new BranchForward(
          scope.keep(joined(outs)),
          scope.keep(joined(sums)),
          choices.isEmpty() ? Optional.empty() : Optional.of(scope.keep(joined(choices))));
    }
  }

  @Override
  public BranchGradients backward(
      AttentionBranch branch,
      Tensor q,
      Tensor k,
      Tensor v,
      int[] starts,
      BranchForward forward,
      Tensor gradient) {
    requireExact(branch);
    try (TensorScope scope = new TensorScope()) {
      BranchGradients gradients =
          new BranchGradients(
              scope.keep(torch.zeros_like(q)),
              scope.keep(torch.zeros_like(k)),
              scope.keep(torch.zeros_like(v)));
      for (Tile tile : tiles(starts)) {
        Tensor queries = Graph.leaf(tile.queries(q));
        Tensor keysLeaf = Graph.leaf(tile.sequence(k));
        Tensor valuesLeaf = Graph.leaf(tile.sequence(v));
        Optional<Tensor> selected = forward.selected().map(tile::queries);
        Tensor out =
            Graph.recorded(
                () -> {
                  Keys keys = keys(branch, keysLeaf, valuesLeaf);
                  return attend(queries, keys, mask(branch, tile, keys, selected)).out();
                });
        Graph graph = new Graph(List.of(queries, keysLeaf, valuesLeaf), List.of(out));
        List<Optional<Tensor>> found = graph.backward(List.of(tile.queries(gradient)));
        found.get(0).ifPresent(tile.queries(gradients.dq())::add_);
        found.get(1).ifPresent(tile.sequence(gradients.dk())::add_);
        found.get(2).ifPresent(tile.sequence(gradients.dv())::add_);
      }
      return gradients;
    }
  }

  private static void requireExact(AttentionBranch branch) {
    if (branch instanceof AttentionBranch.Selected selected
        && selected.rule() != SelectionRule.EXACT) {
      throw new BadInputException("selection rule " + selected.rule(), "has no dense formula here");
    }
  }

  /** Some queries of one sequence; keys beyond them are never attended to. */
  private record Tile(int sequenceStart, int from, int to) {
    Tensor queries(Tensor x) {
      return x.narrow(0, from, to - from);
    }

    Tensor sequence(Tensor x) {
      return x.narrow(0, sequenceStart, to - sequenceStart);
    }

    /** The queries' positions within their sequence, [n, 1]. */
    Tensor positions(Tensor like) {
      return range(from - sequenceStart, to - sequenceStart, like).unsqueeze(1);
    }
  }

  private static List<Tile> tiles(int[] starts) {
    List<Tile> tiles = new ArrayList<>();
    for (int s = 0; s + 1 < starts.length; s++) {
      for (int from = starts[s]; from < starts[s + 1]; from += TILE) {
        tiles.add(new Tile(starts[s], from, Math.min(from + TILE, starts[s + 1])));
      }
    }
    return tiles;
  }

  /** What is attended to: tokens, or blocks' means; [n, H, D] each. */
  private record Keys(Tensor k, Tensor v) {}

  private static Keys keys(AttentionBranch branch, Tensor k, Tensor v) {
    if (branch instanceof AttentionBranch.Compressed compressed) {
      return new Keys(means(k, compressed.blockSize()), means(v, compressed.blockSize()));
    }
    return new Keys(k, v);
  }

  /** Means of the complete blocks; one block of zeros, which nobody sees, where there is none. */
  private static Tensor means(Tensor x, int blockSize) {
    long blocks = x.size(0) / blockSize;
    if (blocks == 0) {
      return x.narrow(0, 0, 1).mul(new Scalar(0.0));
    }
    return x.narrow(0, 0, blocks * blockSize)
        .view(blocks, blockSize, x.size(1), x.size(2))
        .mean(new long[] {1}, false, new ScalarTypeOptional());
  }

  /** Which keys each query sees: [1, 1, queries, keys], or [H, 1, queries, keys] if selected. */
  private static Tensor mask(
      AttentionBranch branch, Tile tile, Keys keys, Optional<Tensor> selected) {
    Tensor t = tile.positions(keys.k());
    Tensor j = range(0, keys.k().size(0), keys.k()).unsqueeze(0);
    Tensor seen;
    if (branch instanceof AttentionBranch.Compressed compressed) {
      seen = complete(t, j, compressed.blockSize(), tile.to() - tile.sequenceStart());
    } else if (branch instanceof AttentionBranch.Window window) {
      seen = j.le(t).logical_and(j.gt(t.sub(new Scalar(window.tokens()))));
    } else {
      seen = j.le(t);
    }
    if (branch instanceof AttentionBranch.Selected budget) {
      return inChosenBlocks(selected.orElseThrow(), j, budget.blockSize()).logical_and(seen);
    }
    return seen.unsqueeze(0).unsqueeze(0);
  }

  /** Whether block j has all its tokens at position t, and is no block of zeros. */
  private static Tensor complete(Tensor t, Tensor j, int blockSize, int tokens) {
    Tensor ends = j.add(new Scalar(1)).mul(new Scalar(blockSize));
    return ends.le(t.add(new Scalar(1))).logical_and(ends.le(new Scalar(tokens)));
  }

  /** [H, 1, queries, tokens]: whether the token's block is among the selected ones [n, H, k]. */
  private static Tensor inChosenBlocks(Tensor selected, Tensor j, int blockSize) {
    Tensor blocks = selected.to(ScalarType.Long).permute(1, 0, 2).unsqueeze(3);
    Tensor blockOfToken = torch.floor_divide(j, new Scalar(blockSize)).view(1, 1, 1, -1);
    return blocks.eq(blockOfToken).any(2).unsqueeze(1);
  }

  private static Optional<Tensor> selected(
      AttentionBranch branch, Tile tile, Tensor queries, Keys keys) {
    if (!(branch instanceof AttentionBranch.Selected budget)) {
      return Optional.empty();
    }
    return Optional.of(
        FormulaSelection.choose(budget, queries, keys.k(), tile.positions(keys.k())));
  }

  private record Attended(Tensor out, Tensor logSumExp) {}

  /**
   * Softmax attention to the keys that are seen.
   *
   * @param q [n, HQ, D]
   * @param seen what {@link #mask} gives
   */
  private static Attended attend(Tensor q, Keys keys, Tensor seen) {
    Tensor scores = grouped(q, keys.k()).matmul(byHead(keys.k()).transpose(2, 3));
    double scale = 1 / Math.sqrt((double) q.size(2));
    Tensor masked =
        scores.mul(new Scalar(scale)).masked_fill(seen.logical_not(), new Scalar(MASKED));
    // Where nothing is seen the softmax is uniform over masked keys; the product makes it 0.
    Tensor weights = torch.softmax(masked, 3).mul(seen.any(3, true));
    Tensor out = weights.matmul(byHead(keys.v()));
    Tensor sum =
        torch
            .logsumexp(masked, 3)
            .masked_fill(seen.any(3, false).logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    long n = q.size(0);
    return new Attended(
        out.permute(2, 0, 1, 3).reshape(n, q.size(1), q.size(2)),
        sum.permute(2, 0, 1).reshape(n, q.size(1)));
  }

  /** [n, HQ, D] as [H, HQ/H, n, D]. */
  static Tensor grouped(Tensor q, Tensor k) {
    long heads = k.size(1);
    return q.view(q.size(0), heads, q.size(1) / heads, q.size(2)).permute(1, 2, 0, 3);
  }

  /** [n, H, D] as [H, 1, n, D]. */
  static Tensor byHead(Tensor k) {
    return k.permute(1, 0, 2).unsqueeze(1);
  }

  static Tensor range(long from, long to, Tensor like) {
    return torch.arange(
        new Scalar(from),
        new Scalar(to),
        new ScalarTypeOptional(ScalarType.Long),
        new LayoutOptional(),
        new DeviceOptional(like.device()),
        new BoolOptional());
  }

  private static Tensor joined(List<Tensor> parts) {
    return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 0).contiguous();
  }
}
