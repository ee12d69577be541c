// branch.cuh: the keys of a branch: which a token sees, and where they lie
#pragma once

#include "kernels/cuda/sequences.cuh"

namespace ssa::cuda {

struct Range {
  int from;
  int to;
};

__device__ inline Range rangeOf(const View& v, Branch branch, int token) {
  switch (branch) {
    case Branch::kFull:
      return {0, token + 1};
    case Branch::kWindow:
      return {max(0, token + 1 - v.window), token + 1};
    default:
      return {0, (token + 1) / v.block_size};
  }
}

// Where keys and values lie: in pages, or as means of one head after another.
template <typename Io>
struct Keys {
  Branch branch;
  const Io* key_means;
  const Io* value_means;
  int stride;  // N

  // The keys of a tile of positions that does not cross a page.
  __device__ void at(const View& v, int s, int h, int first, const Io** keys,
                     const Io** values) const {
    if (branch == Branch::kCompressed) {
      int64_t head = static_cast<int64_t>(s) * v.kv_heads + h;
      int64_t at = (head * stride + first) * v.head_dim;
      *keys = key_means + at;
      *values = value_means + at;
    } else {
      const Io* page = reinterpret_cast<const Io*>(v.page(s, first, h));
      *keys = page + first % static_cast<int>(PageLayout::kTokens) * v.head_dim;
      *values = *keys + PageLayout::kTokens * v.head_dim;
    }
  }
};

template <typename Io>
Keys<Io> keysOf(const Call& call, Branch branch) {
  return {branch, static_cast<const Io*>(call.key_means), static_cast<const Io*>(call.value_means),
          static_cast<int>(call.mean_stride)};
}

// The rows of a block of threads: tokens of a tile times the heads of a group.
struct Rows {
  TokenTile tile;
  int h;
  int group;

  __device__ int token(int row) const { return tile.first + row / group; }
  __device__ bool there(int row) const { return token(row) < tile.last; }
  __device__ int64_t head(const View& v, int row) const {
    return static_cast<int64_t>(tile.row + row / group) * v.query_heads + h * group + row % group;
  }
};

// log2(e) / sqrt(D): scores in units of log2.
template <int kDim>
constexpr float kScoreScale = kDim == 32   ? 1.4426950408889634f * 0.17677669529663687f
                              : kDim == 64 ? 1.4426950408889634f * 0.125f
                                           : 1.4426950408889634f * 0.08838834764831845f;

}  // namespace ssa::cuda
