// append.h: new keys and values go into the pages of the cache
//
// in    k, v       [T, H, D]  fp32; positions of the rotary table
// out   pages      keys rotated in fp64, rounded once; values; sums of 8 of both (see PageLayout)
// math  key_sum_g = sum of the 8 stored keys of group g, ascending
// cost  T H D (rotation and two copies) + T H D additions
// num.  sums are made from what is stored, in one order, so that appending a token again, or in
//       other chunks, gives the same bits
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kKeyLanes = 64;

// The group's sum, for keys [D, 64] from `lane` on, into a column of [D, 16].
inline void sumKeys(const float* keys, int64_t lane, int64_t dim, double* sum) {
  for (int64_t d = 0; d < dim; d++) {
    double total = 0;
    for (int64_t i = 0; i < PageLayout::kGroupTokens; i++) {
      total += keys[d * kKeyLanes + lane + i];
    }
    sum[d * PageLayout::kGroups] = total;
  }
}

inline void sumValues(const float* values, int64_t dim, double* sum) {
  for (int64_t d = 0; d < dim; d++) {
    double total = 0;
    for (int64_t i = 0; i < PageLayout::kGroupTokens; i++) {
      total += values[i * dim + d];
    }
    sum[d] = total;
  }
}

// Tokens [from, to) of a sequence, all in the tile of 64 that begins at a multiple of 64.
// `first_row` is the row of token `from` in k and v.
inline void appendTile(const AttentionParameters& p, const PageHead& page, int64_t kv_head,
                       int64_t from, int64_t to, int64_t first_row, double* rotated) {
  int64_t dim = p.head_dim;
  int64_t half = from % PageLayout::kTokens / kKeyLanes;
  float* keys = page.keys + half * dim * kKeyLanes;
  for (int64_t t = from; t < to; t++) {
    int64_t row = first_row + t - from;
    rotateToken(p, p.k + (row * p.kv_heads + kv_head) * dim, row, rotated);
    int64_t lane = t % kKeyLanes;
    for (int64_t d = 0; d < dim; d++) {
      keys[d * kKeyLanes + lane] = static_cast<float>(rotated[d]);
    }
    __builtin_memcpy(page.values + t % PageLayout::kTokens * dim,
                     p.v + (row * p.kv_heads + kv_head) * dim, sizeof(float) * dim);
  }
  constexpr int64_t group = PageLayout::kGroupTokens;
  for (int64_t g = from / group; (g + 1) * group <= to; g++) {
    int64_t slot = g % PageLayout::kGroups;
    sumKeys(keys, g * group % kKeyLanes, dim, page.key_sums + slot);
    if (p.layout.value_sums) {
      sumValues(page.values + slot * group * dim, dim, page.value_sums + slot * dim);
    }
  }
}

}  // namespace ssa::SSA_ISA
