// branch_copies.cuh: queries and keys of a block of threads on their way to shared memory, as parts
#pragma once

#include "kernels/cuda/branch/branch_rows.cuh"

namespace ssa::cuda {

// Copies rows [0, count) of D elements to planes of parts; rows from `there` on become 0.
template <typename Shape, typename Io, int kDim>
__device__ void copyRows(const Io* from, int count, int there, typename Shape::Element* to) {
  if constexpr (Shape::kParts == 1) {
    for (int i = threadIdx.x; i < count * (kDim / 8); i += blockDim.x) {
      int row = i / (kDim / 8);
      int d = i % (kDim / 8) * 8;
      bool inside = row < there;
      copyAsync(to + row * Shape::kPitch + d, inside ? from + row * kDim + d : from, inside);
    }
  } else {
    for (int i = threadIdx.x; i < count * (kDim / 2); i += blockDim.x) {
      int row = i / (kDim / 2);
      int d = i % (kDim / 2) * 2;
      float2 x = make_float2(0, 0);
      if (row < there) {
        x = *reinterpret_cast<const float2*>(from + row * kDim + d);
      }
      uint32_t part[Shape::kParts];
      split<typename Shape::Element>(x.x, x.y, part);
#pragma unroll
      for (int p = 0; p < Shape::kParts; p++) {
        *reinterpret_cast<uint32_t*>(to + (p * Shape::kKeys + row) * Shape::kPitch + d) = part[p];
      }
    }
  }
}

template <typename Shape, typename Io, int kDim, typename Rows>
__device__ void copyQueries(const View& v, const Rows& rows, const Io* q,
                            typename Shape::Element* to) {
  for (int i = threadIdx.x; i < Shape::kRows * (kDim / 2); i += blockDim.x) {
    int row = i / (kDim / 2);
    int d = i % (kDim / 2) * 2;
    float x = 0;
    float y = 0;
    if (rows.there(row)) {
      const Io* from = q + rows.head(v, row) * kDim + d;
      x = toFloat(from[0]);
      y = toFloat(from[1]);
    }
    uint32_t part[Shape::kParts];
    split<typename Shape::Element>(x, y, part);
#pragma unroll
    for (int p = 0; p < Shape::kParts; p++) {
      *reinterpret_cast<uint32_t*>(to + (p * Shape::kRows + row) * Shape::kPitch + d) = part[p];
    }
  }
}

}  // namespace ssa::cuda
