package org.ssasuite.runtime.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.operator.AttentionInputs;

/**
 * Which blocks a query token attends to, and whether a choice that a kernel made is right. With
 * block size B and count K, for the query token at position t of its sequence and a KV head:
 *
 * <ul>
 *   <li>A block's key is the mean of its tokens' keys after rotary.
 *   <li>Per query head of the group, p = softmax over the complete blocks b &lt; (t + 1) / B of q ·
 *       key / √D; importance(b) = Σ over the group's heads of p(b).
 *   <li>Candidates are the blocks b &lt; t / B. The own block t / B is always chosen.
 *   <li>{@link SelectionRule#EXACT}: and the K − 1 most important candidates, ties to the lower
 *       index.
 *   <li>{@link SelectionRule#RELEASED} with K = B: chunks are B consecutive blocks. In chunk 0 all
 *       candidates; later the B / 2 most important of all blocks in earlier chunks and the B / 2 −
 *       1 most important candidates in the own chunk. With 2K ≤ B: as EXACT.
 *   <li>The controls choose as EXACT by other importances: {@link ControlRanks}.
 * </ul>
 *
 * <p>Source: NSA, arXiv:2502.11089, equations 8 to 10; for the released rule, zhenyi4/ssa at
 * 5303419, hf_files/parallel.py. Blocks are counted within the sequence.
 */
public final class BlockSelectionOracle {
  /**
   * How far two importances may lie apart, relatively, for either order to be right, where nothing
   * else is said: for kernels that choose in fp64.
   */
  public static final double TOLERANCE = 1e-5;

  /** Importances below this are zero in fp32 arithmetic: such blocks are all alike. */
  public static final double NEGLIGIBLE = 1e-30;

  private final RotatedHeads heads;
  private final int blockSize;
  private final int blockCount;
  private final boolean released;
  private final double tolerance;
  private final Optional<ControlRanks> control;
  private final Map<BlockOfHead, double[]> meanKeys = new HashMap<>();
  private final Map<BlockOfHead, double[]> meanValues = new HashMap<>();

  private record BlockOfHead(int firstToken, int kvHead) {}

  /** {@code count} blocks are to be chosen of those from {@code from} to {@code to} − 1. */
  record Quota(int from, int to, int count) {}

  /**
   * Prepares the judgement of one call of the attention operator.
   *
   * @throws IllegalArgumentException if the mode selects no blocks
   */
  public BlockSelectionOracle(AttentionInputs inputs) {
    this(new RotatedHeads(inputs), inputs.mode(), TOLERANCE);
  }

  BlockSelectionOracle(RotatedHeads heads, AttentionMode mode, double tolerance) {
    this.heads = heads;
    control =
        mode instanceof BlockSparse sparse && sparse.rule().isControl()
            ? Optional.of(new ControlRanks(heads, sparse.rule(), sparse.blockSize()))
            : Optional.empty();
    this.tolerance = control.map(ranks -> ranks.tolerance(tolerance)).orElse(tolerance);
    if (mode instanceof BlockSparse sparse) {
      blockSize = sparse.blockSize();
      blockCount = sparse.blockCount();
      released = sparse.rule() == SelectionRule.RELEASED && blockCount == blockSize;
    } else if (mode instanceof ThreeBranch branches) {
      blockSize = branches.blockSize();
      blockCount = branches.blockCount();
      released = false;
    } else {
      throw new IllegalArgumentException("mode " + mode.text() + " selects no blocks");
    }
  }

  int blockSize() {
    return blockSize;
  }

  int blockCount() {
    return blockCount;
  }

  /** The token's own block, within its sequence. */
  public int ownBlock(int token) {
    return (token - heads.sequenceStart(token)) / blockSize;
  }

  /** Blocks of which the token sees the last token, counted from the sequence's first. */
  int completeBlocks(int token) {
    return (token - heads.sequenceStart(token) + 1) / blockSize;
  }

  /** Importance of each candidate [own block], in the order of their numbers. */
  public double[] importances(int token, int kvHead) {
    if (control.isPresent()) {
      return control.get().of(token, kvHead, ownBlock(token));
    }
    double[] importance = new double[ownBlock(token)];
    int group = heads.groupSize();
    for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
      double[] p = completeBlockWeights(token, head);
      for (int b = 0; b < importance.length; b++) {
        importance[b] += p[b];
      }
    }
    return importance;
  }

  /** Softmax over the complete blocks of q · key / √D. */
  double[] completeBlockWeights(int token, int queryHead) {
    double[] scores = new double[completeBlocks(token)];
    for (int b = 0; b < scores.length; b++) {
      scores[b] = heads.score(token, queryHead, meanKey(token, heads.kvHeadOf(queryHead), b), 0);
    }
    return Softmax.of(scores);
  }

  /** The blocks to choose, ascending. */
  public int[] chosen(int token, int kvHead) {
    double[] importance = importances(token, kvHead);
    List<Integer> chosen = new ArrayList<>();
    for (Quota quota : quotas(ownBlock(token))) {
      ranked(importance, quota).stream().limit(quota.count).forEach(chosen::add);
    }
    chosen.add(ownBlock(token));
    return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /**
   * What is wrong with a choice; empty if it is right. Right means: ascending, the own block in it,
   * each quota filled; and within a quota of n, if the n-th largest importance is m and ε the
   * tolerance, every chosen block has (1 − ε) · m or more, every block above (1 + ε) · m is chosen,
   * and of two blocks with identical keys the later one is not chosen alone. Blocks below {@link
   * #NEGLIGIBLE} are alike. Where an importance is not a number, any block will do.
   *
   * @param chosen the block numbers, without the −1 at the end
   */
  public Optional<String> explain(int token, int kvHead, int[] chosen) {
    int own = ownBlock(token);
    return wrongForm(own, chosen)
        .or(() -> wrongImportance(token, kvHead, chosen))
        .map(
            fact ->
                String.format(
                    Locale.ROOT,
                    "token %d, KV head %d, own block %d, chosen %s: %s",
                    token,
                    kvHead,
                    own,
                    Arrays.toString(chosen),
                    fact));
  }

  private static Optional<String> wrongForm(int own, int[] chosen) {
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] < 0 || chosen[i] > own) {
        return Optional.of("block " + chosen[i] + " does not exist for this token");
      }
      if (i > 0 && chosen[i] <= chosen[i - 1]) {
        return Optional.of("block " + chosen[i] + " does not ascend");
      }
    }
    if (chosen.length == 0 || chosen[chosen.length - 1] != own) {
      return Optional.of("the own block is missing");
    }
    return Optional.empty();
  }

  private Optional<String> wrongImportance(int token, int kvHead, int[] chosen) {
    double[] importance = importances(token, kvHead);
    boolean[] in = new boolean[ownBlock(token) + 1];
    for (int block : chosen) {
      in[block] = true;
    }
    for (Quota quota : quotas(ownBlock(token))) {
      int count = 0;
      for (int b = quota.from; b < quota.to; b++) {
        count += in[b] ? 1 : 0;
      }
      if (count != quota.count) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "%d of the blocks %d to %d are chosen instead of %d",
                count,
                quota.from,
                quota.to - 1,
                quota.count));
      }
      Optional<String> wrong = wrongOrder(importance, in, quota);
      if (wrong.isEmpty()) {
        wrong = wrongTie(token, kvHead, importance, in, quota);
      }
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private Optional<String> wrongOrder(double[] importance, boolean[] in, Quota quota) {
    if (quota.count == 0 || !Arrays.stream(importance).allMatch(Double::isFinite)) {
      return Optional.empty();
    }
    double last = importance[ranked(importance, quota).get(quota.count - 1)];
    double least = last < NEGLIGIBLE ? 0 : last * (1 - tolerance);
    double sure = Math.max(last, NEGLIGIBLE) * (1 + tolerance);
    for (int b = quota.from; b < quota.to; b++) {
      if (in[b] && importance[b] < least) {
        return Optional.of(misplaced(b, importance[b], "chosen", quota, last));
      }
      if (!in[b] && importance[b] > sure) {
        return Optional.of(misplaced(b, importance[b], "not chosen", quota, last));
      }
    }
    return Optional.empty();
  }

  private static String misplaced(int block, double importance, String is, Quota quota, double m) {
    return String.format(
        Locale.ROOT,
        "block %d of importance %.9g is %s; number %d of the blocks %d to %d has %.9g",
        block,
        importance,
        is,
        quota.count,
        quota.from,
        quota.to - 1,
        m);
  }

  private Optional<String> wrongTie(
      int token, int kvHead, double[] importance, boolean[] in, Quota quota) {
    int start = heads.sequenceStart(token);
    for (int later = quota.from; later < quota.to; later++) {
      for (int earlier = quota.from; earlier < later; earlier++) {
        boolean laterAlone = in[later] && !in[earlier];
        // Equal importances first: sparing the comparison of keys, and false if one is NaN.
        if (laterAlone
            && importance[later] == importance[earlier]
            && importance[later] >= NEGLIGIBLE
            && heads.sameKeys(
                kvHead, start + later * blockSize, start + earlier * blockSize, blockSize)) {
          return Optional.of(
              "block "
                  + later
                  + " is chosen without block "
                  + earlier
                  + ", which has the same keys and comes first");
        }
      }
    }
    return Optional.empty();
  }

  /** How many of which blocks are to be chosen beside the own one. */
  List<Quota> quotas(int own) {
    if (!released) {
      return List.of(new Quota(0, own, Math.min(blockCount - 1, own)));
    }
    int chunkStart = own - own % blockSize;
    if (chunkStart == 0) {
      return List.of(new Quota(0, own, own));
    }
    int half = blockSize / 2;
    return List.of(
        new Quota(0, chunkStart, half),
        new Quota(chunkStart, own, Math.min(half - 1, own - chunkStart)));
  }

  /** The quota's blocks, the most important first, equal ones by number. */
  private static List<Integer> ranked(double[] importance, Quota quota) {
    List<Integer> blocks = new ArrayList<>();
    for (int b = quota.from; b < quota.to; b++) {
      blocks.add(b);
    }
    // Sorting keeps the order of equal blocks.
    blocks.sort(Comparator.comparingDouble(b -> -importance[b]));
    return blocks;
  }

  private double[] meanKey(int token, int kvHead, int block) {
    int first = heads.sequenceStart(token) + block * blockSize;
    return meanKeys.computeIfAbsent(
        new BlockOfHead(first, kvHead), b -> heads.meanKey(kvHead, first, first + blockSize));
  }

  /** Mean of a block's values [D]. */
  double[] meanValue(int token, int kvHead, int block) {
    int first = heads.sequenceStart(token) + block * blockSize;
    return meanValues.computeIfAbsent(
        new BlockOfHead(first, kvHead), b -> heads.meanValue(kvHead, first, first + blockSize));
  }
}
