// gradient_rows.cuh: products of 16 rows with 16 gathered columns, by one warp
//
// Both gradient kernels have two pairs of operands: rows (q, d_out) with columns (k, v) for dq, rows
// (k, v) with columns (q, d_out) for dk and dv. Columns go from memory to the tensor cores' registers
// without shared memory: along D a lane reads D/4 neighbours of a column for the scores, and D/8
// neighbours of a column for the sums, which become the columns of as many products (see
// selected_rows.cuh).
#pragma once

#include "kernels/cuda/packed/packed_view.cuh"

namespace ssa::cuda {

template <typename Io, int kDim>
struct GradientShape {
  using Element = typename Operand<Io>::Element;
  static constexpr int kParts = Operand<Io>::kParts;
  static constexpr int kSteps = kDim / 16;
  static constexpr int kColumns = kDim / 8;  // tiles of a sum
};

// 16 rows of D elements; lane 4 r + j holds rows r and r + 8.
template <typename Io, int kDim>
struct RowOperand {
  using Shape = GradientShape<Io, kDim>;
  uint32_t part[Shape::kSteps][Shape::kParts][4];

  __device__ void load(const Io* upper, bool upper_there, const Io* lower, bool lower_there) {
    int j = threadIdx.x % 4;
    Neighbours<Io, kDim / 4> up, low;
    up.load(upper + j * (kDim / 4), upper_there);
    low.load(lower + j * (kDim / 4), lower_there);
#pragma unroll
    for (int step = 0; step < Shape::kSteps; step++) {
#pragma unroll
      for (int i = 0; i < 2; i++) {
        uint32_t a[Shape::kParts], b[Shape::kParts];
        up.pair(2 * step + i, a);
        low.pair(2 * step + i, b);
#pragma unroll
        for (int p = 0; p < Shape::kParts; p++) {
          part[step][p][2 * i] = a[p];
          part[step][p][2 * i + 1] = b[p];
        }
      }
    }
  }

  // c += rows times the column that the lanes of column r have loaded.
  __device__ void multiply(const Neighbours<Io, kDim / 4>& column, float (&c)[4]) const {
#pragma unroll
    for (int step = 0; step < Shape::kSteps; step++) {
      uint32_t b0[Shape::kParts], b1[Shape::kParts];
      column.pair(2 * step, b0);
      column.pair(2 * step + 1, b1);
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
#pragma unroll
        for (int k = 0; k < Shape::kParts; k++) {
          if (counts<Shape::kParts, Shape::kParts>(i, k)) {
            multiplyAdd<typename Shape::Element>(c, part[step][i], b0[k], b1[k]);
          }
        }
      }
    }
  }
};

// Sums [16, D]: element (2 j + c) (D/8) + n of rows r and r + 8 is sum[n][2 half + c] of lane 4 r + j.
template <typename Io, int kDim>
struct RowSums {
  using Shape = GradientShape<Io, kDim>;
  using Element = typename Shape::Element;
  float sum[Shape::kColumns][4];

  __device__ void clear() {
#pragma unroll
    for (int n = 0; n < Shape::kColumns; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sum[n][i] = 0;
      }
    }
  }

  // sum += weights [16, 16] times columns; column[2 i + k]: columns 2 j + k of tile i.
  // Tensor cores cut off what they add to a sum; in fp32 they give products only.
  __device__ void add(const float (&first)[4], const float (&second)[4],
                      const Neighbours<Io, kDim / 8> (&column)[4]) {
    uint32_t weight[4][Shape::kParts];
    split<Element>(first[0], first[1], weight[0]);
    split<Element>(first[2], first[3], weight[1]);
    split<Element>(second[0], second[1], weight[2]);
    split<Element>(second[2], second[3], weight[3]);
#pragma unroll
    for (int n = 0; n < Shape::kColumns; n++) {
      uint32_t b0[Shape::kParts], b1[Shape::kParts];
      column[0].across(column[1], n, b0);
      column[2].across(column[3], n, b1);
      float product[4] = {};
      float(&c)[4] = Shape::kParts == 1 ? sum[n] : product;
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
        uint32_t a[4] = {weight[0][i], weight[1][i], weight[2][i], weight[3][i]};
#pragma unroll
        for (int k = 0; k < Shape::kParts; k++) {
          if (counts<Shape::kParts, Shape::kParts>(i, k)) {
            multiplyAdd<Element>(c, a, b0[k], b1[k]);
          }
        }
      }
      if (Shape::kParts > 1) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          sum[n][i] += product[i];
        }
      }
    }
  }
};

// A masked weight is 0 whatever its score is.
__device__ inline float weightOf(float score, float scale, float log2_sum, bool seen) {
  return seen ? exp2Fast(score * scale - log2_sum) : 0.0f;
}

}  // namespace ssa::cuda
