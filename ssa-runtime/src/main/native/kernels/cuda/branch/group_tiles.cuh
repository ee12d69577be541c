// group_tiles.cuh: queries and tiles of 128 keys, the tokens of a page, for the tensor cores of compute
// capability 9.0
#pragma once

#include "kernels/cuda/branch/branch.cuh"
#include "kernels/cuda/tile/warpgroup.cuh"

namespace ssa::cuda {

constexpr int kTileKeys = 128;
constexpr int kTileBytes = kTileKeys * 128;  // of 64 columns

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Rows [0, 128) of D elements as tiles of 64 columns; a warp's lanes together. Rows from `there` on are 0.
template <typename Io, int kDim>
__device__ void copyKeys(const Io* from, int there, char* to) {
  constexpr int kChunks = kDim / 8;
  constexpr int kStep = 32 / kChunks;  // rows that the lanes copy at once
  int lane = threadIdx.x % 32;
  int c = lane % kChunks;
  int first = lane / kChunks;
  char* tile = to + c / 8 * kTileBytes;
  from += lane * 8;
  if (there >= kTileKeys) {
    // A lane's places differ by constants: an instruction each. One by one they took longer than the products.
    uint32_t place[8 / kStep];
#pragma unroll
    for (int i = 0; i < 8 / kStep; i++) {
      place[i] = sharedAddress(tile) + swizzled(first + i * kStep, c % 8);
    }
#pragma unroll
    for (int i = 0; i < kTileKeys / kStep; i++) {
      copyAsync(place[i % (8 / kStep)] + i / (8 / kStep) * 1024, from + i * 32 * 8);
    }
    return;
  }
#pragma unroll 4
  for (int row = first; row < kTileKeys; row += kStep) {
    bool inside = row < there;
    copyAsync(tile + swizzled(row, c % 8), inside ? from + (row - first) * kDim : from, inside);
  }
}

template <typename Shape, typename Io, int kDim, typename Rows>
__device__ void copyQueries(const View& v, const Rows& rows, const Io* q, char* to) {
  constexpr int kChunks = kDim / 8;
  for (int i = threadIdx.x; i < Shape::kRows * kChunks; i += blockDim.x) {
    int row = i / kChunks;
    int c = i % kChunks;
    uint4 x = make_uint4(0, 0, 0, 0);
    if (rows.there(row)) {
      x = *reinterpret_cast<const uint4*>(q + rows.head(v, row) * kDim + c * 8);
    }
    *reinterpret_cast<uint4*>(to + c / 8 * Shape::kRows * 128 + swizzled(row, c % 8)) = x;
  }
}

// Scores of 64 queries and n / 2 keys of a tile, 64 or 128.
template <typename Shape, typename Io, int kDim, int n>
__device__ void multiplyQueries(const char* queries, const char* keys, float (&scores)[n]) {
  beginProducts();
#pragma unroll
  for (int step = 0; step < kDim / 16; step++) {
    uint64_t a = describe(queries + step / 4 * Shape::kRows * 128, 0) + step % 4 * 2;
    uint64_t b = describe(keys + step / 4 * kTileBytes, 0) + step % 4 * 2;
    if constexpr (n == 32) {
      if (step == 0) {
        multiplyFresh<Io>(scores, a, b);
        continue;
      }
    }
    multiplyShared<Io, 2 * n>(scores, a, b, step > 0);
  }
  endProducts();
}

#endif

}  // namespace ssa::cuda
