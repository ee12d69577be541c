package org.ssasuite.runtime.operator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.random.RandomStreams;

/**
 * Attention inputs by description, so that a failing test's name says all about them.
 *
 * @param starts [S + 1], as {@link AttentionInputs#sequenceStarts()}
 * @param scale standard deviation of q, k and v
 */
record AttentionCase(
    long seed,
    AttentionMode mode,
    List<Integer> starts,
    int kvHeads,
    int groupSize,
    int headDim,
    double scale,
    boolean gated,
    boolean rotated) {
  private static final double THETA = 10_000;
  // Keeps a case's fp64 answer under about a twentieth of a second.
  private static final double MOST_WORK = 5e7;

  AttentionCase {
    starts = List.copyOf(starts);
  }

  /** One sequence, two KV heads of two query heads, everything present. */
  static AttentionCase of(int tokens, AttentionMode mode) {
    return new AttentionCase(1, mode, List.of(0, tokens), 2, 2, 32, 1, true, true);
  }

  AttentionCase heads(int kv, int group, int dim) {
    return new AttentionCase(seed, mode, starts, kv, group, dim, scale, gated, rotated);
  }

  AttentionCase packed(Integer... boundaries) {
    return new AttentionCase(
        seed, mode, List.of(boundaries), kvHeads, groupSize, headDim, scale, gated, rotated);
  }

  AttentionCase scaled(double by) {
    return new AttentionCase(seed, mode, starts, kvHeads, groupSize, headDim, by, gated, rotated);
  }

  AttentionCase plain() {
    return new AttentionCase(seed, mode, starts, kvHeads, groupSize, headDim, scale, false, false);
  }

  int tokens() {
    return starts.get(starts.size() - 1);
  }

  int queryHeads() {
    return kvHeads * groupSize;
  }

  AttentionInputs inputs() {
    RandomStreams streams = new RandomStreams(seed);
    int tokens = tokens();
    int[] sequenceStarts = starts.stream().mapToInt(Integer::intValue).toArray();
    return new AttentionInputs(
        tokens,
        queryHeads(),
        kvHeads,
        headDim,
        streams.named("q").normals(tokens * queryHeads() * headDim, scale),
        streams.named("k").normals(tokens * kvHeads * headDim, scale),
        streams.named("v").normals(tokens * kvHeads * headDim, scale),
        gated
            ? Optional.of(streams.named("gates").units(tokens * queryHeads() * 3))
            : Optional.empty(),
        rotated
            ? Optional.of(GoldenAttention.rotary(THETA, headDim, sequenceStarts))
            : Optional.empty(),
        sequenceStarts,
        mode,
        ModeCode.isDrawn(mode) ? Optional.of(draws()) : Optional.empty());
  }

  private RandomDraws draws() {
    return new RandomDraws(
        (int) (seed % 7),
        IntStream.range(1, starts.size()).mapToObj(s -> seed << 40 | (long) s << 33).toList());
  }

  /** A mode of each kind, small enough that selection leaves blocks out of 100 tokens. */
  static List<AttentionMode> modes() {
    return List.of(
        new Full(),
        new BlockSparse(8, 3, SelectionRule.EXACT),
        new BlockSparse(8, 8, SelectionRule.RELEASED),
        new BlockSparse(8, 4, SelectionRule.WINDOW),
        new BlockSparse(8, 3, SelectionRule.RANDOM),
        new BlockSparse(8, 3, SelectionRule.BEST),
        new ThreeBranch(8, 3, 20));
  }

  /** Shapes of every kind from one seed. */
  static AttentionCase random(int seed) {
    Random random = new Random(seed);
    int kvHeads = pick(random, List.of(1, 2, 8));
    int groupSize = 1 + random.nextInt(16);
    int headDim = pick(random, List.of(16, 32, 48, 64, 96, 128));
    int most = (int) Math.sqrt(MOST_WORK / (kvHeads * groupSize * headDim));
    int tokens = 1 + random.nextInt(Math.min(most, 400));
    return new AttentionCase(
        seed,
        randomMode(random),
        randomStarts(random, tokens),
        kvHeads,
        groupSize,
        headDim,
        pick(random, List.of(0.1, 1.0, 3.0)),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private static AttentionMode randomMode(Random random) {
    int blockSize = pick(random, List.of(8, 8, 16, 16, 32, 64, 128));
    int blockCount = 1 + random.nextInt(12);
    return switch (random.nextInt(9)) {
      case 0 -> new Full();
      case 1 ->
          new BlockSparse(blockSize, 1 + random.nextInt(blockSize / 2), SelectionRule.RELEASED);
      case 2 -> new BlockSparse(8, 8, SelectionRule.RELEASED);
      case 3 -> new ThreeBranch(blockSize, blockCount, 1 + random.nextInt(150));
      case 4 -> new BlockSparse(blockSize, blockCount, SelectionRule.WINDOW);
      case 5 -> new BlockSparse(blockSize, blockCount, SelectionRule.RANDOM);
      case 6 -> new BlockSparse(blockSize, blockCount, SelectionRule.BEST);
      default -> new BlockSparse(blockSize, blockCount, SelectionRule.EXACT);
    };
  }

  private static List<Integer> randomStarts(Random random, int tokens) {
    List<Integer> starts = new ArrayList<>(List.of(0, tokens));
    for (int cuts = random.nextInt(5) - 1; cuts > 0; cuts--) {
      int cut = random.nextInt(tokens + 1);
      starts.add(cut);
      if (random.nextInt(3) == 0) {
        starts.add(cut); // an empty sequence
      }
    }
    Collections.sort(starts);
    return starts;
  }

  private static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @Override
  public String toString() {
    String window = mode instanceof ThreeBranch branches ? " w" + branches.window() : "";
    return mode.text()
        + window
        + " starts "
        + starts
        + " heads "
        + kvHeads
        + "x"
        + groupSize
        + "x"
        + headDim
        + " scale "
        + scale
        + (gated ? " gated" : "")
        + (rotated ? " rotated" : "")
        + " seed "
        + seed;
  }
}
