// packed_view.cuh: packed sequences as the kernels of the backward pass see them
//
// Keys are tokens, or the block means of the compressed branch. Keys of a sequence come in tiles of R
// keys (R = B for the selected branch); a slot is a (KV head, tile of all sequences).
#pragma once

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/packed/packed.h"
#include "kernels/cuda/branch/selected_rows.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

// By value to every kernel.
struct PackedView {
  BranchKind kind;
  int tokens;
  int query_heads;
  int kv_heads;
  int group;
  int sequences;
  int block_size;
  int block_count;
  int window;
  int tile_keys;           // R
  int tiles;               // of all sequences
  int row_tokens;          // tokens whose heads share a warp's 16 query rows
  int readers_per_item;
  const int* starts;       // [S + 1] rows of tokens
  const int* key_starts;   // [S + 1] rows of keys
  const int* tile_starts;  // [S + 1] tiles of keys
  const int* row_starts;   // [S + 1] tiles of query rows

  __device__ int tokensOf(int s) const { return starts[s + 1] - starts[s]; }
  __device__ int keysOf(int s) const { return key_starts[s + 1] - key_starts[s]; }
};

// The last i of [0, n) with a[i] <= x, where a ascends and a[0] <= x.
template <typename T>
__device__ inline int lastAtMost(const T* a, int n, T x) {
  int low = 0;
  int high = n;
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (a[middle] <= x) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

struct KeyRange {
  int from;
  int to;
};

// The keys that a token of its sequence sees; of the selected branch: up to the own one.
__host__ __device__ inline KeyRange keyRange(BranchKind kind, int block_size, int window,
                                             int token) {
  switch (kind) {
    case BranchKind::kCompressed:
      return {0, (token + 1) / block_size};
    case BranchKind::kWindow:
      return {token + 1 > window ? token + 1 - window : 0, token + 1};
    default:
      return {0, token + 1};
  }
}

// The tokens of a sequence that see any of the keys [from, to).
__host__ __device__ inline KeyRange readerRange(BranchKind kind, int block_size, int window,
                                                int tokens, int from, int to) {
  switch (kind) {
    case BranchKind::kCompressed:
      return {(from + 1) * block_size - 1, tokens};
    case BranchKind::kWindow:
      return {from, tokens < to - 1 + window ? tokens : to - 1 + window};
    default:
      return {from, tokens};
  }
}

// Calls with (TypeOf<element>, Number<D>) for the elements of training.
template <typename Launch>
Report dispatchPacked(const PackedProblem& p, Element element, Launch launch) {
  auto over_dim = [&](auto type) {
    switch (p.head_dim) {
      case 32:
        return launch(type, Number<32>());
      case 64:
        return launch(type, Number<64>());
      default:
        return launch(type, Number<128>());
    }
  };
  return element == Element::kFloat32 ? over_dim(TypeOf<float>())
                                      : over_dim(TypeOf<__nv_bfloat16>());
}

}  // namespace ssa::cuda
