package org.ssasuite.runtime.operator;

import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.graph.ModeCode;

/**
 * What the attention operator gets: T tokens of packed sequences. Every token attends to tokens of
 * its own sequence up to itself; scores are scaled by 1 / √D. The arrays are not copied and must
 * not be changed.
 *
 * @param tokens T, of all sequences together
 * @param queryHeads HQ, a multiple of H; query heads h·HQ/H … (h + 1)·HQ/H − 1 share KV head h
 * @param kvHeads H
 * @param headDim D
 * @param q [T, HQ, D]
 * @param k [T, H, D]
 * @param v [T, H, D]
 * @param gates [T, HQ, 3]: compressed, selected (in full mode: full), window; absent: all 1
 * @param rotary turns q and k before anything else; absent: they are taken as they are
 * @param sequenceStarts [S + 1] from 0 to T, ascending; equal neighbours are an empty sequence
 * @param draws in a mode of random blocks, and in no other
 */
// Arrays on purpose: these values go to native code as they are and are large. Nothing compares
// inputs by value.
@SuppressWarnings("ArrayRecordComponent")
public record AttentionInputs(
    int tokens,
    int queryHeads,
    int kvHeads,
    int headDim,
    float[] q,
    float[] k,
    float[] v,
    Optional<float[]> gates,
    Optional<Rotary> rotary,
    int[] sequenceStarts,
    AttentionMode mode,
    Optional<RandomDraws> draws) {
  public AttentionInputs {
    Objects.requireNonNull(mode);
    Shapes.requireAtLeastOne("tokens T", tokens);
    Shapes.requireAtLeastOne("query heads HQ", queryHeads);
    Shapes.requireAtLeastOne("KV heads H", kvHeads);
    Shapes.requireAtLeastOne("head dimension D", headDim);
    if (queryHeads % kvHeads != 0) {
      throw new IllegalArgumentException(
          queryHeads + " query heads HQ are no multiple of " + kvHeads + " KV heads H");
    }
    Shapes.require("q", "[T, HQ, D]", q.length, tokens, queryHeads, headDim);
    Shapes.require("k", "[T, H, D]", k.length, tokens, kvHeads, headDim);
    Shapes.require("v", "[T, H, D]", v.length, tokens, kvHeads, headDim);
    gates.ifPresent(g -> Shapes.require("gates", "[T, HQ, 3]", g.length, tokens, queryHeads, 3));
    rotary.ifPresent(r -> requireFitting(r, tokens, headDim));
    requireAscending(sequenceStarts, tokens);
    int seeds = draws.map(all -> all.documentSeeds().size()).orElse(0);
    if (seeds != (ModeCode.isDrawn(mode) ? sequenceStarts.length - 1 : 0)) {
      throw new IllegalArgumentException(
          "mode "
              + mode.text()
              + ": "
              + seeds
              + " document seeds for "
              + (sequenceStarts.length - 1)
              + " sequences");
    }
  }

  /** In a mode whose blocks are not drawn. */
  public AttentionInputs(
      int tokens,
      int queryHeads,
      int kvHeads,
      int headDim,
      float[] q,
      float[] k,
      float[] v,
      Optional<float[]> gates,
      Optional<Rotary> rotary,
      int[] sequenceStarts,
      AttentionMode mode) {
    this(
        tokens,
        queryHeads,
        kvHeads,
        headDim,
        q,
        k,
        v,
        gates,
        rotary,
        sequenceStarts,
        mode,
        Optional.empty());
  }

  private static void requireFitting(Rotary rotary, int tokens, int headDim) {
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "rotary embedding needs an even head dimension D, not " + headDim);
    }
    Shapes.require("cos", "[P, D]", rotary.cos().length, rotary.tableRows(), headDim);
    Shapes.require("positions", "[T]", rotary.positions().length, tokens);
  }

  private static void requireAscending(int[] starts, int tokens) {
    if (starts.length < 2 || starts[0] != 0 || starts[starts.length - 1] != tokens) {
      throw new IllegalArgumentException(
          "sequence starts [S + 1] must run from 0 to " + tokens + " tokens T");
    }
    for (int s = 1; s < starts.length; s++) {
      if (starts[s] < starts[s - 1]) {
        throw new IllegalArgumentException(
            "sequence starts must ascend, but " + starts[s] + " follows " + starts[s - 1]);
      }
    }
  }
}
