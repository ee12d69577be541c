// score_gradient.h: weights and score gradients of a few query rows over one tile of keys
//
// in    queries [M, D] scaled, gradients [M, D] of the output, log_sum_exp [M],
//       delta [M] = sum over D of gradient times output; a tile of up to 64 keys
//       from, to [M]  the keys of the tile that each row sees
// out   weights [M, 64]  p = e^(q k - log_sum_exp), 0 outside the range
//       slopes  [M, 64]  p (gradient . v - delta), the gradient of the score
// cost  4 D flop and one exponential per row and key
// num.  fp32; what a row does not see is set to 0, not multiplied by it
// oracle  DenseAttention.java in the trainer's tests
// from  FlashAttention arXiv:2205.14135, Algorithm 4
#pragma once

namespace ssa::SSA_ISA {

// Mutable: M rows on their way over tiles. Lives in scratch of one work item.
struct GradientRows {
  RowState scores;  // queries to weights
  RowState slopes;  // gradients to slopes
  float* queries;
  float* gradients;
  float* log_sum_exp;
  float* delta;
  int64_t* from;
  int64_t* to;
};

inline size_t gradientRowsBytes(int64_t rows, int64_t dim) {
  return 2 * rowStateBytes(rows, dim) + sizeof(float) * rows * 2 + 8192;
}

inline GradientRows carveGradientRows(char*& memory, int64_t rows, int64_t dim) {
  GradientRows g;
  g.scores = carveRowState(memory, rows, dim, &g.queries);
  g.slopes = carveRowState(memory, rows, dim, &g.gradients);
  g.log_sum_exp = carveFloats(memory, rows);
  g.delta = carveFloats(memory, rows);
  g.from = g.scores.from;
  g.to = g.scores.to;
  return g;
}

// Row r and those after it become the heads of a token.
inline void loadGradientRows(const PackedCall& call, const PackedBackward& b, const float* delta,
                             const PackedSequence& s, int64_t token, int64_t h, int64_t r,
                             const GradientRows& g) {
  int64_t dim = call.p->head_dim;
  int64_t head = groupAt(call, s, token, h, 1);
  copyScaledQueries(call, s, token, h, g.queries + r * dim);
  __builtin_memcpy(g.gradients + r * dim, b.d_out + head * dim, sizeof(float) * call.group * dim);
  __builtin_memcpy(g.log_sum_exp + r, b.log_sum_exp + head, sizeof(float) * call.group);
  __builtin_memcpy(g.delta + r, delta + head, sizeof(float) * call.group);
}

inline void slopesOfRow(const GradientRows& g, int64_t r, int64_t keys) {
  float* weights = g.scores.scores + r * kTileKeys;
  float* slopes = g.slopes.scores + r * kTileKeys;
  int64_t padded = ceilDivide(keys, kFloats) * kFloats;
  float shift = g.log_sum_exp[r];
  float delta = g.delta[r];
  for (int64_t j = 0; j < padded; j += kFloats) {
    Floats p = exponential(load(weights + j) - shift);
    store(weights + j, p);
    store(slopes + j, p * (load(slopes + j) - delta));
  }
  for (int64_t j = 0; j < padded; j++) {
    if (j < g.from[r] || j >= g.to[r]) {
      weights[j] = 0;
      slopes[j] = 0;
    }
  }
}

inline void slopesOfTile(const PackedCall& call, const GradientRows& g, const Tile& tile) {
  int64_t column = 0;
  for (int64_t i = 0; i < tile.segments; i++) {
    Segment segment = tile.segment[i];
    scoreSegment(g.scores, segment, column);
    segment.keys = call.value_tiles + (segment.keys - call.key_tiles);
    scoreSegment(g.slopes, segment, column);
    column += segment.count;
  }
  for (int64_t r = 0; r < g.scores.rows; r++) {
    slopesOfRow(g, r, tile.keys);
  }
}

// Key range that the rows see together.
inline KeyRange seenTogether(const GradientRows& g) {
  KeyRange all = {kTileKeys, 0};
  for (int64_t r = 0; r < g.scores.rows; r++) {
    if (g.from[r] < g.to[r]) {
      all = {least(all.from, g.from[r]), most(all.to, g.to[r])};
    }
  }
  return all;
}

}  // namespace ssa::SSA_ISA
