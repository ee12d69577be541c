// branch_rows.cuh: softmax attention of a warp's query rows, one tile of keys in shared memory at a time
#pragma once

#include "kernels/cuda/branch/branch.cuh"
#include "kernels/cuda/tile/landing.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

constexpr int kBranchWarps = 4;  // per block of threads

template <typename Io, int kDim>
struct BranchShape {
  using Element = typename Operand<Io>::Element;
  static constexpr int kParts = Operand<Io>::kParts;
  static constexpr int kSteps = kDim / 16;
  static constexpr bool kSmall = kParts == 1 && kDim <= 64;
  static constexpr int kRowTiles = kSmall ? 2 : 1;  // of 16 rows, per warp
  static constexpr int kWarpRows = 16 * kRowTiles;
  static constexpr int kRows = kBranchWarps * kWarpRows;
  static constexpr int kKeys = kParts == 1 ? 64 : 32;  // per tile
  static constexpr int kPitch = kDim + 8;
  static constexpr int kPlane = kKeys * kPitch;
  static constexpr int kStage = 2 * kParts * kPlane;  // keys, then values
  static constexpr int kQueries = kParts * kRows * kPitch;
  static constexpr size_t kSharedBytes = sizeof(Element) * (kQueries + 2 * kStage);
};

// A warp's rows and their running softmax. Scores are in units of log2.
template <typename Io, int kDim>
struct BranchRows {
  using Shape = BranchShape<Io, kDim>;
  using Element = typename Shape::Element;
  using Scores = float[Shape::kRowTiles][Shape::kKeys / 8][4];

  const Element* queries;  // [parts, rows, pitch] of the block, from this warp's first row on
  uint32_t resident[Shape::kSmall ? Shape::kRowTiles : 1][Shape::kSmall ? Shape::kSteps : 1][4];
  float out[Shape::kRowTiles][kDim / 8][4];
  RowState state[Shape::kRowTiles];
  Range range[Shape::kRowTiles][2];

  template <typename Rows>
  __device__ void begin(const View& v, const Rows& rows, Branch branch, const Element* shared,
                        int first_row) {
    int lane = threadIdx.x % 32;
    queries = shared + first_row * Shape::kPitch;
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
      state[m] = {{-INFINITY, -INFINITY}, {0, 0}};
#pragma unroll
      for (int half = 0; half < 2; half++) {
        int row = first_row + m * 16 + half * 8 + lane / 4;
        range[m][half] = rows.there(row) ? rangeOf(v, branch, rows.token(row)) : Range{0, 0};
      }
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          out[m][n][i] = 0;
        }
      }
      if constexpr (Shape::kSmall) {
#pragma unroll
        for (int step = 0; step < Shape::kSteps; step++) {
          loadQuery(m, step, 0, resident[m][step]);
        }
      }
    }
  }

  __device__ void loadQuery(int m, int step, int part, uint32_t (&a)[4]) const {
    int lane = threadIdx.x % 32;
    loadMatrices(a, queries + (part * Shape::kRows + m * 16 + lane % 16) * Shape::kPitch +
                        step * 16 + lane / 16 * 8);
  }

  __device__ void score(const Element* keys, Scores& scores) const {
    int lane = threadIdx.x % 32;
    const Element* key = keys + (lane % 8 + lane / 16 * 8) * Shape::kPitch + lane / 8 % 2 * 8;
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
      for (int n = 0; n < Shape::kKeys / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          scores[m][n][i] = 0;
        }
      }
    }
#pragma unroll
    for (int step = 0; step < Shape::kSteps; step++) {
      uint32_t a[Shape::kRowTiles][Shape::kParts][4];
#pragma unroll
      for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
        for (int i = 0; i < Shape::kParts; i++) {
          if constexpr (Shape::kSmall) {
#pragma unroll
            for (int w = 0; w < 4; w++) {
              a[m][i][w] = resident[m][step][w];
            }
          } else {
            loadQuery(m, step, i, a[m][i]);
          }
        }
      }
#pragma unroll
      for (int k = 0; k < Shape::kParts; k++) {
#pragma unroll
        for (int n = 0; n < Shape::kKeys / 8; n += 2) {
          uint32_t b[4];
          loadMatrices(b, key + k * Shape::kPlane + n * 8 * Shape::kPitch + step * 16);
#pragma unroll
          for (int i = 0; i < Shape::kParts; i++) {
            if (counts<Shape::kParts, Shape::kParts>(i, k)) {
#pragma unroll
              for (int m = 0; m < Shape::kRowTiles; m++) {
                multiplyAdd<Element>(scores[m][n], a[m][i], b[0], b[1]);
                multiplyAdd<Element>(scores[m][n + 1], a[m][i], b[2], b[3]);
              }
            }
          }
        }
      }
    }
  }

  // Scores of keys [base, base + kKeys) become weights; what came before is rescaled.
  __device__ void weigh(Scores& scores, int base, bool masked) {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float top = state[m].largest[half];
#pragma unroll
        for (int n = 0; n < Shape::kKeys / 8; n++) {
#pragma unroll
          for (int c = 0; c < 2; c++) {
            float& x = scores[m][n][2 * half + c];
            int key = base + n * 8 + 2 * j + c;
            bool seen = !masked || (key >= range[m][half].from && key < range[m][half].to);
            x = seen ? x * kScoreScale<kDim> : -INFINITY;
            top = fmaxf(top, x);
          }
        }
        top = fmaxf(top, __shfl_xor_sync(kWarp, top, 1));
        top = fmaxf(top, __shfl_xor_sync(kWarp, top, 2));
        // While all scores are minus infinity, a finite shift keeps differences from being NaN.
        float shift = top == -INFINITY ? 0.0f : top;
        float shrink = exp2Fast(state[m].largest[half] - shift);
        state[m].largest[half] = top;
        float sum = 0;
#pragma unroll
        for (int n = 0; n < Shape::kKeys / 8; n++) {
#pragma unroll
          for (int c = 0; c < 2; c++) {
            float& x = scores[m][n][2 * half + c];
            x = exp2Fast(x - shift);
            sum += x;
          }
        }
        state[m].sum[half] = state[m].sum[half] * shrink + sum;
#pragma unroll
        for (int n = 0; n < kDim / 8; n++) {
          out[m][n][2 * half] *= shrink;
          out[m][n][2 * half + 1] *= shrink;
        }
      }
    }
  }

  // The tensor cores cut their sums off instead of rounding them, at every one of a row's products: by
  // 2^-24 each, always towards 0, which over 131,072 fp32 keys are 5e-4 of what comes out. So that they
  // cannot add up, a tile's sums begin at 0 here, and are added to what came before with rounding. Never
  // in one operation with the product that rescaled it: the compiler would do so in one of the paths
  // (masked, unmasked) that a row's neighbours choose, and not in the other.
  __device__ void addValuesExactly(const Scores& weights, const Element* values) {
    float before[Shape::kRowTiles][kDim / 8][4];
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          before[m][n][i] = out[m][n][i];
          out[m][n][i] = 0;
        }
      }
    }
    addValues(weights, values);
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          out[m][n][i] = __fadd_rn(out[m][n][i], before[m][n][i]);
        }
      }
    }
  }

  __device__ void addValues(const Scores& weights, const Element* values) {
    int lane = threadIdx.x % 32;
    const Element* value = values + (lane % 8 + lane / 8 % 2 * 8) * Shape::kPitch + lane / 16 * 8;
#pragma unroll
    for (int u = 0; u < Shape::kKeys / 16; u++) {
      uint32_t a[Shape::kRowTiles][Shape::kParts][4];
#pragma unroll
      for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
        for (int w = 0; w < 4; w++) {
          uint32_t part[Shape::kParts];
          const float(&x)[4] = weights[m][2 * u + w / 2];
          split<Element>(x[w % 2 * 2], x[w % 2 * 2 + 1], part);
#pragma unroll
          for (int i = 0; i < Shape::kParts; i++) {
            a[m][i][w] = part[i];
          }
        }
      }
#pragma unroll
      for (int k = 0; k < Shape::kParts; k++) {
#pragma unroll
        for (int n = 0; n < kDim / 8; n += 2) {
          uint32_t b[4];
          loadMatricesTransposed(b, value + k * Shape::kPlane + u * 16 * Shape::kPitch + n * 8);
#pragma unroll
          for (int i = 0; i < Shape::kParts; i++) {
            if (counts<Shape::kParts, Shape::kParts>(i, k)) {
#pragma unroll
              for (int m = 0; m < Shape::kRowTiles; m++) {
                multiplyAdd<Element>(out[m][n], a[m][i], b[0], b[1]);
                multiplyAdd<Element>(out[m][n + 1], a[m][i], b[2], b[3]);
              }
            }
          }
        }
      }
    }
  }

  __device__ void finish() {
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float& sum = state[m].sum[half];
        sum += __shfl_xor_sync(kWarp, sum, 1);
        sum += __shfl_xor_sync(kWarp, sum, 2);
      }
    }
  }
};

}  // namespace ssa::cuda
