// head_tile.cuh: tiles of hidden states and of a vocabulary head on their way into shared memory
#pragma once

#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

constexpr int kDepth = 32;  // of E, per stage
constexpr int kPitch = kDepth + 8;

// Rows [first, first + kRows) and columns [depth, depth + 32) of an array [count, E]; 0 outside. Parts
// of a value lie a plane of kRows rows apart.
template <typename Io, int kRows, int kThreads>
__device__ void copyTile(const Io* from, int first, int count, int width, int depth,
                         typename Operand<Io>::Element* to) {
  using Element = typename Operand<Io>::Element;
  constexpr int kParts = Operand<Io>::kParts;
  if constexpr (kParts == 1) {
    for (int i = threadIdx.x; i < kRows * (kDepth / 8); i += kThreads) {
      int row = i / (kDepth / 8);
      int e = i % (kDepth / 8) * 8;
      bool there = first + row < count && depth + e < width;
      const Io* source = from + static_cast<int64_t>(first + row) * width + depth + e;
      copyAsync(to + row * kPitch + e, there ? source : from, there);
    }
  } else {
    for (int i = threadIdx.x; i < kRows * (kDepth / 2); i += kThreads) {
      int row = i / (kDepth / 2);
      int e = i % (kDepth / 2) * 2;
      float2 x = make_float2(0, 0);
      if (first + row < count && depth + e < width) {
        x = *reinterpret_cast<const float2*>(from + static_cast<int64_t>(first + row) * width +
                                             depth + e);
      }
      uint32_t part[kParts];
      split<Element>(x.x, x.y, part);
#pragma unroll
      for (int p = 0; p < kParts; p++) {
        *reinterpret_cast<uint32_t*>(to + p * kRows * kPitch + row * kPitch + e) = part[p];
      }
    }
  }
}

}  // namespace ssa::cuda
