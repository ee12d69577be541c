// block_mean.h: the mean key of each complete block, after rotary
//
// in    k      [T, H, D]  fp32
// out   means  [tiles, H, D, 32]  fp64, transposed: 32 consecutive blocks of a sequence side by
//              side; lanes behind a sequence's last complete block are 0
//       key_means   [tiles of 64 blocks, H, D, 64]  fp32, the same for the compressed branch
//       value_means [blocks, H, D]  fp32, mean values; both nullptr unless the branch is asked for
// math  mean_b = 1/S sum of rotate(k_j) over the block's S tokens
// cost  T H D additions; reads k (and v) once
// num.  fp64 throughout: the selection must be the one that exact arithmetic gives
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kMeanLanes = 32;
constexpr int64_t kKeyLanes = 64;

struct BlockMeans {
  double* means;
  float* key_means;
  float* value_means;
};

// One block of one sequence and KV head. `slot` counts the sequence's blocks from the first tile of
// the sequence.
inline void blockMean(const AttentionParameters& p, int64_t first_token, int64_t kv_head,
                      int64_t mean_tile, int64_t key_tile, int64_t block, int64_t value_row,
                      double* rotated, const BlockMeans& to) {
  int64_t dim = p.head_dim;
  double* sum = rotated + dim;
  for (int64_t d = 0; d < dim; d++) {
    sum[d] = 0;
  }
  for (int64_t j = 0; j < p.mode.block_size; j++) {
    int64_t token = first_token + j;
    rotateToken(p, p.k + (token * p.kv_heads + kv_head) * dim, token, rotated);
    for (int64_t d = 0; d < dim; d++) {
      sum[d] += rotated[d];
    }
  }
  double share = 1.0 / static_cast<double>(p.mode.block_size);
  double* column = to.means + (mean_tile * p.kv_heads + kv_head) * dim * kMeanLanes;
  for (int64_t d = 0; d < dim; d++) {
    column[d * kMeanLanes + block % kMeanLanes] = sum[d] * share;
  }
  if (to.key_means == nullptr) {
    return;
  }
  float* keys = to.key_means + (key_tile * p.kv_heads + kv_head) * dim * kKeyLanes;
  float* values = to.value_means + (value_row * p.kv_heads + kv_head) * dim;
  for (int64_t d = 0; d < dim; d++) {
    keys[d * kKeyLanes + block % kKeyLanes] = static_cast<float>(sum[d] * share);
    sum[d] = 0;
  }
  for (int64_t j = 0; j < p.mode.block_size; j++) {
    const float* v = p.v + ((first_token + j) * p.kv_heads + kv_head) * dim;
    for (int64_t d = 0; d < dim; d++) {
      sum[d] += v[d];
    }
  }
  for (int64_t d = 0; d < dim; d++) {
    values[d] = static_cast<float>(sum[d] * share);
  }
}

}  // namespace ssa::SSA_ISA
